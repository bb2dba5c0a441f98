using CallTracker.Backends;

namespace CallTracker.Node.Hosting;

/// <summary>Passes the backends' events to the node's log, with their numbers. Any thread.</summary>
internal sealed class BackendLog(ILogger logger) : IBackendLog
{
    private static readonly HashSet<BackendEvent> Good =
    [
        BackendEvent.JournalRecovered, BackendEvent.JournalWritable, BackendEvent.InsertResumed,
        BackendEvent.NumberingOnline, BackendEvent.RedisBack, BackendEvent.RoutesReloaded,
        BackendEvent.RecordingResumed, BackendEvent.RecordingRecovered,
        BackendEvent.RecordingStoreBack,
    ];

    public void Report(BackendEvent what, string detail)
    {
        var level = Good.Contains(what) ? LogLevel.Information : LogLevel.Warning;
        NodeLogMessages.Backend(logger, level, (int)what, what, detail);
    }
}
