using System.Diagnostics.Metrics;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>What SREs see of the judgement. Written by the judge, read by whoever collects metrics.</summary>
internal sealed class JudgeMetrics : IDisposable
{
    private readonly Meter _meter = new("CallTracker.ControlPlane.Judgement");
    private readonly Counter<long> _rows;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _batch;
    private double _lagSec;
    private int _isJudging;
    private int _rulesPending;

    public JudgeMetrics()
    {
        _rows = _meter.CreateCounter<long>("calltracker_judgement_rows", "{row}",
            "Rows written to the judgement ledger.");
        _failures = _meter.CreateCounter<long>("calltracker_judgement_failures", "{failure}",
            "Rounds of judgement that failed and are repeated.");
        _batch = _meter.CreateHistogram<double>("calltracker_judgement_batch_duration", "s",
            "Time to judge one batch.");
        _meter.CreateObservableGauge("calltracker_judgement_lag", () => Volatile.Read(ref _lagSec), "s",
            "Age of the oldest call that waits for its verdict, at the last look.");
        _meter.CreateObservableGauge("calltracker_judgement_active", () => Volatile.Read(ref _isJudging), null,
            "1 when this process holds the right to judge.");
        _meter.CreateObservableGauge("calltracker_judgement_rules_pending", () => Volatile.Read(ref _rulesPending),
            "{rule}", "Changed rules that are not applied to all calls yet.");
    }

    public void Judged(int rows, TimeSpan elapsed)
    {
        _rows.Add(rows);
        _batch.Record(elapsed.TotalSeconds);
    }

    public void Failed() => _failures.Add(1);

    public void Lag(double sec) => Volatile.Write(ref _lagSec, sec);

    public void Active(bool isJudging) => Volatile.Write(ref _isJudging, isJudging ? 1 : 0);

    public void RulesPending(int count) => Volatile.Write(ref _rulesPending, count);

    public void Dispose() => _meter.Dispose();
}
