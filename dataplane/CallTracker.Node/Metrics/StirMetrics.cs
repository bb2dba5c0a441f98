using System.Diagnostics.Metrics;
using CallTracker.Backends.Stir;
using CallTracker.Calls.Stir;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Metrics;

/// <summary>
/// What is verified and signed, by workers and by the service behind them. Observable: read when somebody asks.
/// </summary>
internal sealed class StirMetrics : IDisposable
{
    private readonly Meter _meter = new("CallTracker.Node.Stir");
    private readonly Worker[] _workers;

    public StirMetrics(Worker[] workers, StirService service)
    {
        _workers = workers;
        var counters = service.Counters;
        _meter.CreateObservableCounter("calltracker_stir_verifications", Verdicts, "{call}",
            "Calls whose caller was to be verified, by verdict.");
        _meter.CreateObservableCounter("calltracker_stir_unverified", () => Sum(c => c.Unverified), "{call}",
            "Verifications not done in time or for want of room.");
        _meter.CreateObservableCounter("calltracker_stir_signatures", Signatures, "{invite}",
            "INVITEs to trunks that want them signed, by result.");
        _meter.CreateObservableCounter("calltracker_stir_fetches", () => new[]
        {
            Labelled(counters.Fetched, "result", "fetched"), Labelled(counters.FetchFailures, "result", "failed"),
        }, "{certificate}", "Certificates asked for, by result.");
        _meter.CreateObservableCounter("calltracker_stir_replays", () => counters.Replays, "{call}",
            "PASSporTs seen again on another call.");
        _meter.CreateObservableCounter("calltracker_stir_refused", () => counters.Refused, "{job}",
            "Verifications and signatures not taken because too many waited.");
        _meter.CreateObservableCounter("calltracker_stir_answers_lost", () => counters.Lost, "{job}",
            "Answers that a worker's full mailbox did not take.");
        _meter.CreateObservableUpDownCounter("calltracker_stir_certificates", () => service.Certificates,
            "{certificate}", "Certificates known.");
    }

    public void Dispose() => _meter.Dispose();

    private long Sum(Func<StirCounters, long> read)
    {
        long sum = 0;
        foreach (var worker in _workers) sum += read(worker.Engine.StirCounters);
        return sum;
    }

    private IEnumerable<Measurement<long>> Verdicts() =>
    [
        Labelled(Sum(c => c.Verdicts[(int)Verstat.Passed]), "verstat", "passed"),
        Labelled(Sum(c => c.Verdicts[(int)Verstat.Failed]), "verstat", "failed"),
        Labelled(Sum(c => c.Verdicts[(int)Verstat.NoTnValidation]), "verstat", "none"),
    ];

    private IEnumerable<Measurement<long>> Signatures() =>
        [Labelled(Sum(c => c.Signed), "result", "signed"), Labelled(Sum(c => c.Unsigned), "result", "unsigned")];

    private static Measurement<long> Labelled(long value, string label, string text) =>
        new(value, new KeyValuePair<string, object?>(label, text));
}
