using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>
/// Lets a thread run whenever it has something to do, before all threads of the usual kind (SCHED_RR, sched(7)). For
/// threads that wait most of their time and are late when others run. Stateless.
/// </summary>
public static unsafe class RealTime
{
    /// <summary>
    /// The priority used, of 1 to 99: the least that goes before all usual threads, and below the kernel's own (50).
    /// </summary>
    public const int Priority = 1;
    private const int RoundRobin = 2;
    // Threads that this one makes (the runtime's, say) have the usual priority.
    private const int ResetOnFork = 0x4000_0000;

    /// <summary>
    /// Makes the calling thread one of real time. 0, or a negated errno: -1 where CAP_SYS_NICE is missing and
    /// RLIMIT_RTPRIO is 0, or a control group has no share of real time.
    /// </summary>
    public static int Enter()
    {
        var priority = Priority;
        return LibC.SetScheduler(0, RoundRobin | ResetOnFork, &priority) == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    /// <summary>True when the calling thread is one of real time.</summary>
    public static bool IsEntered => (LibC.GetScheduler(0) & ~ResetOnFork) == RoundRobin;
}
