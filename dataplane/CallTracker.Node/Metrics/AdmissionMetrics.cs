using System.Diagnostics.Metrics;
using CallTracker.Calls.Model;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>
/// The instruments of admission control, on the node's meter, read from the workers when somebody asks.
/// </summary>
internal sealed class AdmissionMetrics
{
    private readonly Worker[] _workers;

    public AdmissionMetrics(Meter meter, Worker[] workers)
    {
        _workers = workers;
        meter.CreateObservableCounter("calltracker_admission_refused", () => Sum(c => c.InvitesShed), "{call}",
            "New calls refused with 503 because the worker was overloaded.");
        meter.CreateObservableCounter("calltracker_admission_refused_again", () => Sum(c => c.InvitesShedAgain),
            "{message}", "Repeated INVITEs of calls that were refused before.");
        meter.CreateObservableCounter("calltracker_admission_acks_dropped", () => Sum(c => c.AcksShed), "{message}",
            "ACKs to such refusals.");
        meter.CreateObservableGauge("calltracker_admission_share", () => EachWorker(w => w.Engine.Admission.Share),
            null, "The share of new calls taken, 0 to 1, by worker.");
        meter.CreateObservableGauge("calltracker_admission_delay", () => EachWorker(w => w.Engine.Admission.DelayMs),
            "ms", "The shortest wait of a SIP message in the last interval, by worker.");
    }

    private long Sum(Func<CallCounters, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += read(worker.Engine.Counters);
        return sum;
    }

    private IEnumerable<Measurement<double>> EachWorker(Func<Worker, double> read)
    {
        for (var number = 0; number < _workers.Length; number++)
            yield return new(read(_workers[number]), new KeyValuePair<string, object?>("worker", number));
    }
}
