using System.Diagnostics.Metrics;
using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>The kernel fast path's instruments, on the node's meter; all 0 where it is off.</summary>
internal sealed class FastPathMetrics
{
    private readonly Worker[] _workers;

    public FastPathMetrics(Meter meter, Worker[] workers)
    {
        _workers = workers;
        meter.CreateObservableUpDownCounter("calltracker_fastpath_sessions", () => Sum(c => c.Inside), "{session}",
            "Media sessions that the kernel relays now.");
        meter.CreateObservableCounter("calltracker_fastpath_entries", () => Sum(c => c.Entered), "{session}",
            "Times a media session moved into the kernel.");
        meter.CreateObservableCounter("calltracker_fastpath_exits", Exits, "{session}",
            "Times a media session came back from the kernel, by reason.");
        meter.CreateObservableCounter("calltracker_fastpath_refusals", Refusals, "{session}",
            "Times a media session could not move into the kernel, by reason.");
        meter.CreateObservableCounter("calltracker_fastpath_packets", Packets, "{packet}",
            "RTP packets the kernel relayed, by the side they came from; part of calltracker_relay_packets.");
    }

    private long Sum(Func<FastPathCounters, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += worker.Media.FastPath is { } counters ? read(counters) : 0;
        return sum;
    }

    private IEnumerable<Measurement<long>> Exits()
    {
        foreach (var why in Enum.GetValues<FastPathExit>())
            yield return new(Sum(c => c.Left(why)), new KeyValuePair<string, object?>("reason", SnakeCase.Of(why)));
    }

    private IEnumerable<Measurement<long>> Refusals()
    {
        foreach (var why in Enum.GetValues<FastPathRefusal>())
        {
            if (why == FastPathRefusal.None) continue;
            yield return new(Sum(c => c.Refused(why)), new KeyValuePair<string, object?>("reason", SnakeCase.Of(why)));
        }
    }

    private IEnumerable<Measurement<long>> Packets() =>
    [
        new(Sum(c => c.Packets(MediaSide.A)), new KeyValuePair<string, object?>("from", "inbound")),
        new(Sum(c => c.Packets(MediaSide.B)), new KeyValuePair<string, object?>("from", "outbound")),
    ];
}
