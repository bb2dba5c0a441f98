using CallTracker.Core.Time;

namespace CallTracker.Node.Workers;

/// <summary>
/// For how long messages may have waited that a worker left unread in this turn. A worker that was not let run for a
/// second has answers before it that came in time: were its timers first, it would repeat every request of that second,
/// and the repetitions would be what keeps it late. So its timers are fired as far as it has read. Owned by one worker.
/// </summary>
internal sealed class UnreadInput(IClock clock)
{
    /// <summary>
    /// Timers are held no longer than this: a flood, or a step of the wall clock, must not stop them for good.
    /// </summary>
    public const int MsMax = 2_000;

    /// <summary>Milliseconds, 0 when everything was read.</summary>
    public int WaitedMs { get; private set; }

    public void BeginTurn() => WaitedMs = 0;

    /// <summary>A queue was left before its end; what is still in it came after this.</summary>
    /// <param name="lastUnixMs">When the kernel received what was read last.</param>
    public void Left(long lastUnixMs) =>
        WaitedMs = (int)Math.Clamp(clock.UnixMs - lastUnixMs, WaitedMs, MsMax);
}
