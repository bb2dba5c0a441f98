using CallTracker.Backends;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Nobody reads what the backends report here.</summary>
internal sealed class NullLog : IBackendLog
{
    public void Report(BackendEvent what, string detail)
    {
    }
}
