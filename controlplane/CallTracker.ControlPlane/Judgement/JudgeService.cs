using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Judgement.Rules;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// The loop of the judge: look for new calls, judge them, apply changed rules. One cheap query every half second when
/// nothing happens. Only the process that holds the lease does anything. Failures are logged and the round is repeated:
/// every step can be done again.
/// </summary>
internal sealed class JudgeService(
    JudgeLease lease, ArrivalWindow window, Judge judge, LedgerWriter ledger, RuleWork rules, RuleMirror mirror,
    JudgeMetrics metrics, SchemaState schema, TimeProvider clock, ILogger<JudgeService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    // A round with work costs ClickHouse some 150 ms of a core, mostly planning, however few calls it has: a little
    // more patience halves that and still keeps the promise of two seconds.
    private static readonly TimeSpan PauseAfterWork = TimeSpan.FromMilliseconds(750);
    // Where a round takes long there are very many calls, or ClickHouse has other work: the judge leaves it most of its
    // time, and judges more calls in a round.
    private const double PausePerWork = 2;
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(5);
    private bool _isPrepared;
    private long _sweepStamp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await schema.WaitAsync(stoppingToken);
            _sweepStamp = clock.GetTimestamp();
            while (!stoppingToken.IsCancellationRequested) await Task.Delay(await RoundAsync(), clock, stoppingToken);
        }
        finally
        {
            metrics.Active(isJudging: false);
            await lease.ReleaseAsync();
        }
    }

    // A round is not cancelled in its middle: a stop waits for the batch in hand, which takes well under a second.
    private async Task<TimeSpan> RoundAsync()
    {
        var start = clock.GetTimestamp();
        try
        {
            var isOurs = await lease.HoldAsync();
            metrics.Active(isOurs);
            if (!isOurs) return Yield();
            await PrepareAsync();
            await ledger.SettleAsync(CancellationToken.None);
            var count = await JudgeArrivalsAsync();
            if (lease.IsFresh) await rules.StepAsync(CancellationToken.None);
            if (rules.IsUnderWay || count >= ArrivalWindow.CallsPerBatch) return TimeSpan.Zero;
            return count > 0 ? PauseAfter(clock.GetElapsedTime(start)) : Pause;
        }
        // Whatever it is, the next round begins from what the stores say; the loop must not end.
        catch (Exception e)
        {
            metrics.Failed();
            if (e is ClickHouseException or StoreUnavailableException) log.JudgementWaits(e.Message);
            else log.JudgementFailed(e);
            Forget();
            return PauseAfterFailure;
        }
    }

    internal static TimeSpan PauseAfter(TimeSpan work) =>
        TimeSpan.FromTicks(Math.Clamp((work * PausePerWork).Ticks, PauseAfterWork.Ticks, PauseMax.Ticks));

    private async Task PrepareAsync()
    {
        if (_isPrepared) return;
        await mirror.CopyAllAsync(CancellationToken.None);
        _isPrepared = true;
    }

    /// <returns>How many new calls were judged.</returns>
    private async Task<long> JudgeArrivalsAsync()
    {
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = await window.NextAsync(nowMs, LookBackMs(), CancellationToken.None);
        metrics.Lag(batch is null ? 0 : Math.Max(0, nowMs - batch.OldestMs) / 1000.0);
        if (batch is null || !lease.IsFresh) return 0;
        var start = clock.GetTimestamp();
        var rows = await judge.JudgeArrivalsAsync(batch, CancellationToken.None);
        metrics.Judged(rows, clock.GetElapsedTime(start));
        window.Advance(batch);
        return batch.Count;
    }

    private long LookBackMs()
    {
        if (clock.GetElapsedTime(_sweepStamp) < SweepEvery) return ArrivalWindow.OverlapMs;
        _sweepStamp = clock.GetTimestamp();
        return ArrivalWindow.SweepMs;
    }

    private TimeSpan Yield()
    {
        ledger.Abandon();
        Forget();
        return Pause;
    }

    // What was remembered may no longer be so, once others have judged or a step has failed.
    private void Forget()
    {
        window.Forget();
        rules.Forget();
        _isPrepared = false;
    }
}
