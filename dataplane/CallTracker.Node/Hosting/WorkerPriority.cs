using CallTracker.Core.Linux;
using CallTracker.Node.Options;

namespace CallTracker.Node.Hosting;

/// <summary>
/// Gives the workers' threads their priority, and says once whether they have it. A node that may not have it runs as
/// well as others do. Each worker's thread calls it.
/// </summary>
internal sealed class WorkerPriority(NodeOptions options, ILogger logger)
{
    private int _isTold;

    /// <summary>For the calling thread, before its loop begins.</summary>
    public void Apply()
    {
        if (!options.IsRealTime) return;
        var result = RealTime.Enter();
        if (Interlocked.Exchange(ref _isTold, 1) != 0) return;
        if (result == 0) NodeLogMessages.RealTimeOn(logger);
        else NodeLogMessages.RealTimeOff(logger, -result);
    }
}
