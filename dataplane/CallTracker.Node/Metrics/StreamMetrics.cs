using System.Diagnostics.Metrics;
using CallTracker.Node.Streams;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Metrics;

/// <summary>The instruments of TCP and TLS, on the node's meter.</summary>
internal sealed class StreamMetrics
{
    private readonly StreamHub _streams;

    public StreamMetrics(Meter meter, StreamHub streams)
    {
        _streams = streams;
        var counters = streams.Counters;
        AddConnections(meter);
        meter.CreateObservableCounter("calltracker_sip_stream_messages", Messages, "{message}",
            "SIP messages over TCP and TLS, by direction.");
        meter.CreateObservableCounter("calltracker_sip_stream_keepalives", () => counters.Pings, "{keepalive}",
            "CRLF keep-alives answered.");
        meter.CreateObservableCounter("calltracker_sip_stream_undelivered", () => counters.Undelivered, "{message}",
            "Messages whose connection failed before they were written.");
        meter.CreateObservableCounter("calltracker_sip_stream_queue_full", () => counters.QueueFull, "{message}",
            "Messages refused because too much waited on their connection.");
        meter.CreateObservableCounter("calltracker_sip_stream_reader_waits", () => counters.Waits, "{wait}",
            "Times a connection's reader waited for room at a worker.");
        AddTls(meter);
    }

    private void AddConnections(Meter meter)
    {
        var counters = _streams.Counters;
        meter.CreateObservableUpDownCounter("calltracker_sip_connections",
            () => ByKind((kind, isOutbound) => _streams.Table.Count(kind, isOutbound)), "{connection}",
            "Connections now, by transport and by who opened them.");
        meter.CreateObservableCounter("calltracker_sip_connections_opened", () => ByKind(counters.Opened),
            "{connection}", "Connections that came about.");
        meter.CreateObservableCounter("calltracker_sip_connections_refused",
            () => ByCause<RefuseCause>(counters.Refused), "{connection}",
            "Connections not taken or not opened, by cause.");
        meter.CreateObservableCounter("calltracker_sip_connections_closed", () => ByCause<CloseCause>(counters.Closed),
            "{connection}", "Connections ended, by cause.");
        meter.CreateObservableCounter("calltracker_sip_connect_failures",
            () => ByCause<ConnectFailure>(counters.Failures), "{connection}",
            "Connections of ours that did not come about, by cause.");
    }

    private void AddTls(Meter meter)
    {
        if (_streams.Tls.CanAccept)
        {
            meter.CreateObservableGauge("calltracker_sip_tls_certificate_expiry", () => _streams.Tls.ExpirySec, "s",
                "Seconds until the node's certificate ends; negative when it has.");
        }
        meter.CreateObservableCounter("calltracker_sip_tls_reloads",
            () => (IEnumerable<Measurement<long>>)
            [
                new(_streams.Tls.Reloads, new KeyValuePair<string, object?>("result", "taken")),
                new(_streams.Tls.FailedReloads, new KeyValuePair<string, object?>("result", "refused")),
            ],
            "{reload}", "Changed certificate files, by what became of them.");
    }

    private IEnumerable<Measurement<long>> Messages() =>
    [
        new(_streams.Counters.Received, new KeyValuePair<string, object?>("direction", "received")),
        new(_streams.Counters.Sent, new KeyValuePair<string, object?>("direction", "sent")),
    ];

    private static IEnumerable<Measurement<long>> ByKind(Func<SipTransportKind, bool, long> read) =>
    [
        Of(SipTransportKind.Tcp, false, read), Of(SipTransportKind.Tcp, true, read),
        Of(SipTransportKind.Tls, false, read), Of(SipTransportKind.Tls, true, read),
    ];

    private static Measurement<long> Of(
        SipTransportKind kind, bool isOutbound, Func<SipTransportKind, bool, long> read) =>
        new(read(kind, isOutbound),
            new KeyValuePair<string, object?>("transport", SnakeCase.Of(kind)),
            new KeyValuePair<string, object?>("opened_by", isOutbound ? "us" : "peer"));

    private static IEnumerable<Measurement<long>> ByCause<T>(Func<T, long> read)
        where T : struct, Enum
    {
        foreach (var cause in Enum.GetValues<T>())
            yield return new(read(cause), new KeyValuePair<string, object?>("cause", SnakeCase.Of(cause)));
    }
}
