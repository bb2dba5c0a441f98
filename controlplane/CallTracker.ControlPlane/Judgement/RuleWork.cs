using CallTracker.ControlPlane.Judgement.Rules;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// Applies changed rules, page by page, so that new calls are judged in between. What is not finished when the process
/// ends is still pending and begins anew: judging again changes nothing. Owned by the judge service.
/// </summary>
internal sealed class RuleWork(RuleStore store, RuleMirror mirror, Judge judge, JudgeMetrics metrics)
{
    private string _field = "";
    private PendingRule? _change;
    private bool _hasAllCallers;
    private ulong _afterKey;
    private long _fromMs;

    /// <summary>True while a change is being applied: the next page should not wait.</summary>
    public bool IsUnderWay => _change is not null;

    /// <summary>Forgets a half-applied change; it is still pending.</summary>
    public void Forget() => _change = null;

    /// <summary>Does the next page of work, if there is any.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        if (_change is null && !await BeginNextAsync(ct)) return;
        var change = _change!;
        if (!_hasAllCallers)
        {
            _afterKey = await judge.JudgeRulePageAsync(change, _afterKey, ct);
            _hasAllCallers = _afterKey == 0;
            return;
        }
        if (await judge.JudgeWithheldPageAsync(change, _fromMs, ct) is { } next) _fromMs = next;
        else await FinishAsync();
    }

    private async Task<bool> BeginNextAsync(CancellationToken ct)
    {
        var pending = await store.PendingAsync();
        metrics.RulesPending(pending.Count);
        if (pending.Count == 0) return false;
        (_field, var change) = pending[0];
        await mirror.CopyAsync(change, ct);
        (_hasAllCallers, _afterKey, _fromMs) = (false, 0, change.FromMs);
        _change = change;
        return true;
    }

    private async Task FinishAsync()
    {
        await store.ForgetPendingAsync(_field);
        _change = null;
    }
}
