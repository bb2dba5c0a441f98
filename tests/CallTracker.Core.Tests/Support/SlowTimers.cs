using CallTracker.Core.Time;

namespace CallTracker.Core.Tests.Support;

/// <summary>The wheel's slow reference: a list that is searched. It knows what must fire next, and when.</summary>
internal sealed class SlowTimers(long nowMs)
{
    private readonly List<Entry> _entries = [];
    private long _tick = nowMs / TimerWheel.TickMs;

    public int Count => _entries.Count;

    /// <summary>The earliest tick at which one is due; the largest number when none is pending.</summary>
    public long NextTick => _entries.Count == 0 ? long.MaxValue : _entries.Min(entry => entry.Tick);

    public void Schedule(long nowMs, long delayMs, int owner)
    {
        var dueMs = nowMs + Math.Max(0, delayMs);
        var tick = (long)Math.Ceiling(dueMs / (decimal)TimerWheel.TickMs);
        _entries.Add(new Entry(owner, Math.Max(tick, _tick + 1), dueMs));
    }

    public bool Cancel(int owner) => _entries.RemoveAll(entry => entry.Owner == owner) == 1;

    /// <summary>Takes the timer that the wheel says is due while it advances to that time.</summary>
    public void Fire(int owner, long targetMs)
    {
        var entry = _entries.Single(candidate => candidate.Owner == owner);
        entry.Tick.ShouldBe(NextTick, "timers fire in the order of their ticks");
        entry.DueMs.ShouldBeLessThanOrEqualTo(targetMs, "never early");
        entry.Tick.ShouldBeLessThanOrEqualTo(targetMs / TimerWheel.TickMs);
        _tick = entry.Tick;
        _entries.Remove(entry);
    }

    /// <summary>Everything due has fired: nothing that remains may be a tick or more late.</summary>
    public void Advanced(long targetMs)
    {
        _tick = Math.Max(_tick, targetMs / TimerWheel.TickMs);
        foreach (var entry in _entries)
            (targetMs - entry.DueMs).ShouldBeLessThan(TimerWheel.TickMs, "at most a tick late");
        NextTick.ShouldBeGreaterThan(_tick);
    }

    private readonly record struct Entry(int Owner, long Tick, long DueMs);
}
