namespace CallTracker.Calls.Tests.Kit;

/// <summary>
/// What a thread allocates for a piece of work. The least of several rounds counts: when the compiler replaces running
/// code by faster code it allocates on the thread that runs it, once.
/// </summary>
internal static class Allocations
{
    private const int Rounds = 5;
    private const int Times = 1000;

    /// <summary>Bytes for a thousand times <paramref name="work"/>.</summary>
    public static long Of(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Times; i++) work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
