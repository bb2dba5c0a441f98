using System.Diagnostics.Metrics;
using CallTracker.Media.Relay;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>The media relay's instruments, on the node's meter.</summary>
internal sealed class RelayMetrics
{
    private readonly Worker[] _workers;
    private readonly UdpKernelCounters _kernel = new();

    public RelayMetrics(Meter meter, Worker[] workers)
    {
        _workers = workers;
        meter.CreateObservableUpDownCounter("calltracker_relay_sessions", () => Sum(m => m.OpenSessions), "{session}",
            "Media sessions open.");
        meter.CreateObservableUpDownCounter("calltracker_relay_sessions_max", () => Sum(m => m.SessionsMax),
            "{session}", "Media sessions the port range allows.");
        meter.CreateObservableUpDownCounter("calltracker_relay_secure_sides", () => Sum(m => m.SecureSides), "{side}",
            "Sides of media sessions that have SRTP keys.");
        meter.CreateObservableUpDownCounter("calltracker_transcoded_calls", () => workers[0].Media.Transcodes.Now,
            "{call}", "Calls whose audio is converted between codecs.");
        meter.CreateObservableUpDownCounter("calltracker_transcoded_calls_max",
            () => workers[0].Media.Transcodes.CallsMax, "{call}", "Calls that may be converted at a time.");
        meter.CreateObservableCounter("calltracker_relay_packets",
            () => ByDirection((m, s) => m.Counters.PacketsRelayed(s)), "{packet}",
            "RTP packets relayed, by the side they came from.");
        meter.CreateObservableCounter("calltracker_relay_traffic",
            () => ByDirection((m, s) => m.Counters.BytesRelayed(s)), "By",
            "RTP bytes relayed (UDP payload), by the side they came from.");
        meter.CreateObservableCounter("calltracker_relay_rtcp_packets", () => Sum(m => m.Counters.RtcpRelayed),
            "{packet}", "RTCP datagrams relayed.");
        meter.CreateObservableCounter("calltracker_relay_dropped", Dropped, "{packet}",
            "Media datagrams dropped, by reason.");
        meter.CreateObservableCounter("calltracker_ringback_tones", () => Sum(m => m.RingbacksStarted), "{tone}",
            "Ringback tones begun because early media was silent.");
        meter.CreateObservableCounter("calltracker_ringback_packets", () => Sum(m => m.RingbackPackets), "{packet}",
            "RTP packets of ringback tone sent.");
        meter.CreateObservableCounter("calltracker_relay_sources_learned", () => Sum(m => m.Counters.SourcesLearned),
            "{source}", "Sides whose media came from another source than their SDP said.");
        meter.CreateObservableCounter("calltracker_udp_receive_buffer_errors", KernelDrops, "{datagram}",
            "UDP datagrams this machine dropped because a socket's buffer was full (all programs).");
    }

    private long Sum(Func<MediaRelay, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += read(worker.Media);
        return sum;
    }

    private IEnumerable<Measurement<long>> ByDirection(Func<MediaRelay, MediaSide, long> read) =>
    [
        new(Sum(m => read(m, MediaSide.A)), new KeyValuePair<string, object?>("from", "inbound")),
        new(Sum(m => read(m, MediaSide.B)), new KeyValuePair<string, object?>("from", "outbound")),
    ];

    private IEnumerable<Measurement<long>> Dropped()
    {
        foreach (var reason in Enum.GetValues<MediaDropReason>())
        {
            var count = Sum(m => m.Counters.Dropped(reason));
            yield return new(count, new KeyValuePair<string, object?>("reason", SnakeCase.Of(reason)));
        }
    }

    private long KernelDrops()
    {
        _kernel.Read();
        return Math.Max(0, _kernel.ReceiveBufferErrors);
    }
}
