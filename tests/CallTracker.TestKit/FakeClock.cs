using CallTracker.Core.Time;

namespace CallTracker.TestKit;

/// <summary>
/// A clock that stands still until it is moved. It counts at an odd frequency, that of the PC's old timer chip, so
/// that code which takes ticks for milliseconds fails. Owned by one test.
/// </summary>
public sealed class FakeClock(long startMs = 86_400_000, long startUnixMs = 1_767_225_600_000) : IClock
{
    /// <summary>Ticks per second.</summary>
    public const long Frequency = 1_193_182;
    private long _ticks = TicksOf(startMs);

    public long NowMs => _ticks * 1000 / Frequency;

    public long UnixMs => startUnixMs + NowMs - startMs;

    public ReceivedAt At => new(NowMs, UnixMs);

    public void AdvanceMs(long delayMs) => _ticks = TicksOf(NowMs + delayMs);

    /// <summary>Moves by raw ticks, which are no whole milliseconds.</summary>
    public void AdvanceTicks(long ticks) => _ticks += ticks;

    // Rounded up, so that reading it back gives the same millisecond.
    private static long TicksOf(long ms) => ((ms * Frequency) + 999) / 1000;
}
