using CallTracker.Core.Linux;

namespace CallTracker.Core.Time;

/// <summary>The CPU time of the calling thread.</summary>
public static unsafe class ThreadClock
{
    /// <summary>
    /// Microseconds since the thread began (CLOCK_THREAD_CPUTIME_ID); 0 where the kernel does not tell.
    /// </summary>
    public static long CpuUs
    {
        get
        {
            TimeSpec time = default;
            if (LibC.ClockGetTime(LibC.ClockThreadCpu, &time) != 0) return 0;
            return (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000);
        }
    }
}
