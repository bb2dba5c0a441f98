using System.Diagnostics.Metrics;
using CallTracker.Calls.Model;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Routing;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>
/// The node's own instruments: observable, read from the workers' plain counters when somebody asks, so that a worker
/// never
/// pays for being watched. Made once the workers exist.
/// </summary>
internal sealed class NodeMetrics : IDisposable
{
    private readonly Meter _meter = new("CallTracker.Node");
    private readonly Worker[] _workers;

    public NodeMetrics(
        Worker[] workers, StreamHub streams, IRouteSource routes, BindingRegistry bindings, Func<bool> isDraining)
    {
        _workers = workers;
        AddCalls(isDraining);
        AddSip();
        _ = new RelayMetrics(_meter, workers);
        _ = new DtlsMetrics(_meter, workers);
        _ = new DtmfMetrics(_meter, workers);
        _ = new FastPathMetrics(_meter, workers);
        _ = new AccessMetrics(_meter, workers, bindings);
        _ = new StreamMetrics(_meter, streams);
        _ = new TrunkMetrics(_meter, routes);
        _ = new AdmissionMetrics(_meter, workers);
    }

    public void Dispose() => _meter.Dispose();

    private void AddCalls(Func<bool> isDraining)
    {
        _meter.CreateObservableUpDownCounter("calltracker_calls_active", () => Sum(w => w.Engine.Counters.Active),
            "{call}", "Calls up now.");
        _meter.CreateObservableCounter("calltracker_calls_started", () => Sum(w => w.Engine.Counters.Started),
            "{call}", "INVITEs accepted for treatment.");
        _meter.CreateObservableCounter("calltracker_calls_answered", () => Sum(w => w.Engine.Counters.Answered),
            "{call}", "Calls a destination answered.");
        _meter.CreateObservableCounter("calltracker_calls_direct", () => Sum(w => w.Engine.Counters.AnsweredDirect),
            "{call}", "Answered calls whose media goes from peer to peer, past the node.");
        _meter.CreateObservableCounter("calltracker_calls_ended", Outcomes, "{call}", "Calls ended, by outcome.");
        _meter.CreateObservableCounter("calltracker_trunk_failovers", () => Sum(w => w.Engine.Counters.TrunkFailovers),
            "{attempt}", "Attempts made because another trunk failed for the same destination.");
        _meter.CreateObservableCounter("calltracker_transfers", Transfers, "{transfer}",
            "Transfers that destinations asked for by REFER, by outcome.");
        _meter.CreateObservableCounter("calltracker_call_ends", Reasons, "{call}", "Calls ended, by reason.");
        _meter.CreateObservableGauge("calltracker_node_draining", () => isDraining() ? 1 : 0, null,
            "1 while the node takes no new calls.");
    }

    private void AddSip()
    {
        _meter.CreateObservableCounter("calltracker_sip_datagrams_received", () => Sum(w => w.Received),
            "{datagram}", "Datagrams received for SIP.");
        _meter.CreateObservableCounter("calltracker_sip_messages_sent", () => Sum(w => w.Sender.Sent),
            "{message}", "SIP messages sent over UDP.");
        _meter.CreateObservableCounter("calltracker_sip_send_failures", SendFailures,
            "{message}", "SIP messages that could not be sent, by cause.");
        _meter.CreateObservableCounter("calltracker_sip_handed_over", () => Sum(w => w.HandedOver),
            "{datagram}", "Datagrams handed to the worker that owns their call.");
        _meter.CreateObservableUpDownCounter("calltracker_workers_sharing",
            () => _workers[0].IsSharing ? _workers.Length : 1, "{worker}", "Workers that take new calls.");
        _meter.CreateObservableCounter("calltracker_worker_mailbox_refused", () => Sum(w => w.Mailbox.Refused),
            "{message}", "Messages to a worker refused because its mailbox was full.");
        _meter.CreateObservableCounter("calltracker_sip_dropped", Dropped, "{datagram}",
            "SIP datagrams and messages not acted upon, by cause.");
        _meter.CreateObservableCounter("calltracker_sip_switched_to_tcp",
            () => Sum(w => w.Engine.TransactionCounters.SwitchedToTcp), "{request}",
            "Requests too large for UDP that were sent over TCP.");
        _meter.CreateObservableCounter("calltracker_sip_fell_back_to_udp",
            () => Sum(w => w.Engine.TransactionCounters.FellBackToUdp), "{request}",
            "Of those, the ones that went over UDP because no connection came about.");
        _meter.CreateObservableCounter("calltracker_sip_kernel_drops",
            () => Sum(w => w.Receiver.KernelDrops + (w.SecondReceiver?.KernelDrops ?? 0)),
            "{datagram}", "SIP datagrams the kernel dropped because a socket's buffer was full.");
        _meter.CreateObservableCounter("calltracker_sip_retransmissions", Retransmissions, "{message}",
            "SIP messages repeated, by direction.");
        _meter.CreateObservableUpDownCounter("calltracker_sip_transactions", Transactions, "{transaction}",
            "Transactions held, by state.");
    }

    private long Sum(Func<Worker, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += read(worker);
        return sum;
    }

    private IEnumerable<Measurement<long>> Outcomes()
    {
        foreach (var outcome in Enum.GetValues<CallOutcome>())
            yield return Labelled(Sum(w => w.Engine.Counters.Outcomes[(int)outcome]), "outcome", SnakeCase.Of(outcome));
    }

    private IEnumerable<Measurement<long>> Transfers() =>
    [
        Labelled(Sum(w => w.Engine.Counters.TransfersJoined), "outcome", "joined"),
        Labelled(Sum(w => w.Engine.Counters.TransfersFailed), "outcome", "failed"),
        Labelled(Sum(w => w.Engine.Counters.TransfersRefused), "outcome", "refused"),
    ];

    private IEnumerable<Measurement<long>> Reasons()
    {
        foreach (var reason in Enum.GetValues<EndReason>())
        {
            if (reason != EndReason.None)
                yield return Labelled(Sum(w => w.Engine.Counters.Reasons[(int)reason]), "reason", SnakeCase.Of(reason));
        }
    }

    private IEnumerable<Measurement<long>> SendFailures() =>
    [
        Labelled(Sum(w => w.Sender.Congested), "cause", "congested"),
        Labelled(Sum(w => w.Sender.Failed), "cause", "failed"),
    ];

    private IEnumerable<Measurement<long>> Dropped() =>
    [
        Labelled(Sum(w => w.Engine.Counters.UnknownSource), "cause", "unknown_source"),
        Labelled(Sum(w => w.Engine.Counters.Malformed), "cause", "malformed"),
        Labelled(Sum(w => w.Engine.Counters.UnknownDialog), "cause", "unknown_dialog"),
        Labelled(Sum(w => w.Engine.Counters.StrayResponses), "cause", "stray_response"),
        Labelled(Sum(w => w.Engine.Counters.ForeignRequests + w.Engine.TransactionCounters.ForeignRequests), "cause",
            "foreign_source"),
        Labelled(Sum(w => w.Receiver.Oversized + (w.SecondReceiver?.Oversized ?? 0)), "cause", "oversized"),
    ];

    private IEnumerable<Measurement<long>> Retransmissions() =>
    [
        Labelled(Sum(w => w.Engine.TransactionCounters.RetransmitsIn), "direction", "received"),
        Labelled(Sum(w => w.Engine.TransactionCounters.RetransmitsOut), "direction", "sent"),
    ];

    private IEnumerable<Measurement<long>> Transactions() =>
    [
        Labelled(Sum(w => w.Engine.TransactionCounters.Active), "state", "active"),
        Labelled(Sum(w => w.Engine.TransactionCounters.Lingering), "state", "lingering"),
    ];

    private static Measurement<long> Labelled(long value, string label, string text) =>
        new(value, new KeyValuePair<string, object?>(label, text));
}
