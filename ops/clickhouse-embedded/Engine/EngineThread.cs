namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// Runs a call into the engine on a thread of its own: it blocks for as long as the statement runs, which the thread
/// pool could not bear. The gate bounds how many there are.
/// </summary>
internal static class EngineThread
{
    public static Task<T> Run<T>(Func<T> call) =>
        Task.Factory.StartNew(
            call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
