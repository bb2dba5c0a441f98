using System.Diagnostics.Metrics;
using CallTracker.Media.Dtmf;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>How many digits were heard and told, on the node's meter; never which.</summary>
internal sealed class DtmfMetrics
{
    private static readonly (DtmfWay Way, string Name)[] Ways =
        [(DtmfWay.Rfc4733, "rfc4733"), (DtmfWay.Info, "info"), (DtmfWay.InBand, "inband")];

    private readonly Worker[] _workers;

    public DtmfMetrics(Meter meter, Worker[] workers)
    {
        _workers = workers;
        meter.CreateObservableCounter("calltracker_dtmf_digits", () => ByWay((c, way) => c.Heard(way)), "{digit}",
            "Digits of sides that are listened to, by the way they came.");
        meter.CreateObservableCounter("calltracker_dtmf_converted", () => ByWay((c, way) => c.Told(way)), "{digit}",
            "Digits told to the other side in its own way, by that.");
        meter.CreateObservableCounter("calltracker_dtmf_lost", () => Sum(c => c.Lost), "{digit}",
            "Digits that could not be told: too many waited, or the side refused or takes them in no way.");
    }

    private IEnumerable<Measurement<long>> ByWay(Func<DtmfCounters, DtmfWay, long> read)
    {
        foreach (var (way, name) in Ways)
            yield return new(Sum(c => read(c, way)), new KeyValuePair<string, object?>("way", name));
    }

    private long Sum(Func<DtmfCounters, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += read(worker.Media.Dtmf.Counters);
        return sum;
    }
}
