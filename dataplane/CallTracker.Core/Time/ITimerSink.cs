namespace CallTracker.Core.Time;

/// <summary>What a <see cref="TimerWheel"/> tells of a timer that is due.</summary>
public interface ITimerSink
{
    /// <param name="kind">The owner's own number for what the timer is for.</param>
    /// <param name="owner">The owner's index, as scheduled.</param>
    /// <param name="handle">The handle that <see cref="TimerWheel.Schedule"/> gave; it is spent.</param>
    void OnTimer(ushort kind, int owner, TimerHandle handle);
}
