using CallTracker.Core.Time;

namespace CallTracker.Backends.Tests.Support;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class FakeClock : IClock
{
    private long _nowMs = 10_007;

    public long NowMs => Volatile.Read(ref _nowMs);
    public long UnixMs => 1_795_000_000_000 + NowMs;

    public void Advance(int byMs) => Interlocked.Add(ref _nowMs, byMs);
}
