using CallTracker.Core.Time;

namespace CallTracker.Core.Tests.Support;

/// <summary>
/// Drives a wheel and its slow reference side by side with seeded random calls, also from inside the sink, and compares
/// them after each. The seed reproduces a failure.
/// </summary>
internal sealed class TimerDrive(int seed, long startMs, int pendingMax) : ITimerSink
{
    private static readonly long[] DelaysMsMax = [0, 3, 40, 1_023, 1_025, 70_000, 300_000, 67_200_000, 17_200_000_000];
    private readonly Random _random = new(seed);
    private readonly TimerWheel _wheel = new(startMs, 4, pendingMax);
    private readonly SlowTimers _slow = new(startMs);
    private readonly Dictionary<int, TimerHandle> _handles = [];
    private readonly List<TimerHandle> _stale = [];
    private long _nowMs = startMs;
    private long _targetMs = startMs;
    private int _nextOwner = 1;

    /// <summary>Timers fired so far; a run that fires none proves nothing.</summary>
    public int Fired { get; private set; }

    public int Cancelled { get; private set; }

    /// <summary>How many of the ranges of delays are drawn from, shortest first.</summary>
    public int DelayRanges { get; init; } = DelaysMsMax.Length;

    public void Run(int steps, long advanceMsMax)
    {
        for (var step = 0; step < steps; step++)
        {
            var choice = _random.Next(10);
            if (choice < 4) Schedule();
            else if (choice < 6) Cancel();
            else Advance(_random.Next(20) == 0 ? _random.NextInt64(advanceMsMax) : _random.Next(60));
            CheckNextDelay();
        }
    }

    /// <summary>Sleeps exactly as long as the wheel allows, as a worker does, until nothing is pending.</summary>
    public int RunDownByNextDelay(int wakesMax)
    {
        var wakes = 0;
        while (_wheel.NextDelayMs(_nowMs) is var delayMs and >= 0)
        {
            wakes++.ShouldBeLessThan(wakesMax);
            delayMs.ShouldBeGreaterThan(0, "a wait of nothing is a busy loop");
            Advance(delayMs);
        }
        return wakes;
    }

    public void Schedule(long? delayMs = null)
    {
        if (_slow.Count >= pendingMax) return;
        var chosenMs = delayMs ?? _random.NextInt64(DelaysMsMax[_random.Next(DelayRanges)] + 1);
        var owner = _nextOwner++;
        _slow.Schedule(_targetMs, chosenMs, owner);
        _handles[owner] = _wheel.Schedule(_targetMs, chosenMs, (ushort)owner, owner);
    }

    public void OnTimer(ushort kind, int owner, TimerHandle handle)
    {
        kind.ShouldBe((ushort)owner);
        handle.ShouldBe(_handles[owner]);
        _slow.Fire(owner, _targetMs);
        _handles.Remove(owner);
        _stale.Add(handle);
        Fired++;
        if (_random.Next(4) == 0) Schedule();
        if (_random.Next(6) == 0) Cancel();
    }

    private void Advance(long byMs)
    {
        _targetMs = _nowMs + byMs;
        var sink = this;
        _wheel.Advance(_targetMs, ref sink);
        _nowMs = _targetMs;
        _slow.Advanced(_nowMs);
        _wheel.Count.ShouldBe(_slow.Count);
    }

    private void Cancel()
    {
        if (_stale.Count > 0)
        {
            var stale = _stale[_random.Next(_stale.Count)];
            _wheel.Cancel(ref stale).ShouldBeFalse("a spent handle stops nobody else's timer");
            stale.IsNone.ShouldBeTrue();
        }
        if (_handles.Count == 0) return;
        var (owner, handle) = _handles.ElementAt(_random.Next(_handles.Count));
        _stale.Add(handle);
        _handles.Remove(owner);
        _slow.Cancel(owner).ShouldBeTrue();
        _wheel.Cancel(ref handle).ShouldBeTrue();
        handle.IsNone.ShouldBeTrue();
        Cancelled++;
    }

    private void CheckNextDelay()
    {
        var delayMs = _wheel.NextDelayMs(_nowMs);
        if (_slow.Count == 0)
        {
            delayMs.ShouldBe(-1);
            return;
        }
        delayMs.ShouldBeGreaterThanOrEqualTo(0);
        var nextMs = _slow.NextTick * TimerWheel.TickMs;
        (_nowMs + delayMs).ShouldBeLessThanOrEqualTo(nextMs, "would sleep past a due timer");
    }
}
