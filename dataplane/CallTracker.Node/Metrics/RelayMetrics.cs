using System.Diagnostics.Metrics;
using CallTracker.Media.Playback;
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
        meter.CreateObservableCounter("calltracker_relay_rtcp_made", () => Sum(m => m.ReportsMade), "{packet}",
            "RTCP reports of our own, to sides whose counterpart sends none.");
        meter.CreateObservableCounter("calltracker_relay_dropped", Dropped, "{packet}",
            "Media datagrams dropped, by reason.");
        meter.CreateObservableCounter("calltracker_ringback_tones",
            () => Sum(m => m.Player.Started(PlayUse.Ringback)), "{tone}",
            "Ringback tones begun because early media was silent.");
        meter.CreateObservableCounter("calltracker_ringback_packets",
            () => Sum(m => m.Player.Packets(PlayUse.Ringback)), "{packet}", "RTP packets of ringback tone sent.");
        meter.CreateObservableCounter("calltracker_relay_sources_learned", () => Sum(m => m.Counters.SourcesLearned),
            "{source}", "Sides whose media came from another source than their SDP said.");
        meter.CreateObservableUpDownCounter("calltracker_relay_ring_workers",
            () => _workers.Count(worker => worker.Ring is not null), "{worker}",
            "Workers whose RTP comes by io_uring.");
        meter.CreateObservableCounter("calltracker_relay_ring_shortages",
            () => _workers.Sum(worker => worker.Ring?.Shortages ?? 0), "{receive}",
            "Times a receive by io_uring found no buffer and was begun again; nothing is lost by it.");
        meter.CreateObservableCounter("calltracker_relay_ring_pauses",
            () => _workers.Sum(worker => worker.Ring?.Pauses ?? 0), "{pause}",
            "Times an RTP port of no call was not received for 10 ms because it was flooded.");
        meter.CreateObservableCounter("calltracker_udp_receive_buffer_errors",
            () => Kernel(k => k.ReceiveBufferErrors), "{datagram}",
            "UDP datagrams this machine dropped because a socket's buffer was full (all programs).");
        meter.CreateObservableCounter("calltracker_udp_send_buffer_errors", () => Kernel(k => k.SendBufferErrors),
            "{datagram}", "UDP datagrams this machine did not send for want of buffers (all programs).");
        meter.CreateObservableCounter("calltracker_udp_no_port", () => Kernel(k => k.NoPorts), "{datagram}",
            "UDP datagrams to a port that was not open to their sender, strangers at calls among them (all programs).");
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

    private long Kernel(Func<UdpKernelCounters, long> read)
    {
        _kernel.Read();
        return Math.Max(0, read(_kernel));
    }
}
