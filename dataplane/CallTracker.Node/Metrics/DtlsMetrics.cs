using System.Diagnostics.Metrics;
using CallTracker.Media.Dtls;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>Instruments of DTLS handshakes for SRTP and of ICE, on the node's meter.</summary>
internal sealed class DtlsMetrics
{
    private readonly Worker[] _workers;

    public DtlsMetrics(Meter meter, Worker[] workers)
    {
        _workers = workers;
        meter.CreateObservableCounter("calltracker_dtls_handshakes", Handshakes, "{handshake}",
            "DTLS handshakes for SRTP that ended, by result.");
        meter.CreateObservableCounter("calltracker_ice_checks", () => Sum(c => c.Checks), "{check}",
            "ICE connectivity checks answered.");
        meter.CreateObservableCounter("calltracker_ice_consents_lost", () => Sum(c => c.ConsentsLost), "{side}",
            "Sides whose peer sent no ICE check for 30 s.");
    }

    private IEnumerable<Measurement<long>> Handshakes()
    {
        foreach (var result in Enum.GetValues<DtlsResult>())
        {
            if (result == DtlsResult.None) continue;
            yield return new(Sum(c => c.Ended(result)),
                new KeyValuePair<string, object?>("result", SnakeCase.Of(result)));
        }
    }

    private long Sum(Func<DtlsCounters, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += read(worker.Media.Dtls.Counters);
        return sum;
    }
}
