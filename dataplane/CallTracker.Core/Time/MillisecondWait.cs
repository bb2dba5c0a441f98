namespace CallTracker.Core.Time;

/// <summary>
/// How long a loop that counts whole milliseconds waits so that its wait ends just after one has begun: what is due
/// then leaves on time, not up to a millisecond late. Stateless.
/// </summary>
public static class MillisecondWait
{
    /// <summary>Microseconds until the millisecond that is <paramref name="delayMs"/> after the present one.</summary>
    /// <param name="nowUs">Monotonic time.</param>
    /// <param name="delayMs">0 or more.</param>
    public static long Us(long nowUs, int delayMs) => delayMs == 0 ? 0 : (delayMs * 1000L) - (nowUs % 1000);
}
