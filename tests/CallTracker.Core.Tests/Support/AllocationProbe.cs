namespace CallTracker.Core.Tests.Support;

/// <summary>
/// Bytes that this thread allocates while an action runs: exact for the thread, unlike process-wide figures, which show
/// the JIT's work too.
/// </summary>
internal static class AllocationProbe
{
    private const int WarmUpCount = 50;

    /// <summary>Runs the action until all is compiled and grown, then measures so many runs.</summary>
    public static long Bytes(int runs, Action action)
    {
        for (var i = 0; i < WarmUpCount; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < runs; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
