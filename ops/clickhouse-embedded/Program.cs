using CallTracker.ClickHouseEmbedded;
using CallTracker.ClickHouseEmbedded.Engine;

// Each running statement holds a pool thread for its result; the pool would add them only two a second.
ThreadPool.SetMinThreads(ServerLimits.ReadsRunningMax + ServerLimits.WritesRunningMax + 8, 8);

if (ServerOptions.TryParse(args, Environment.GetEnvironmentVariable, out var reason) is not { } options)
    return Refuse(reason);
if (DataFolder.TryOpen(options.DataPath, out reason) is not { } folder)
    return Refuse(reason);
if (EngineLibrary.TryLoad(options.LibraryPath, out reason) is null)
    return Refuse(reason);
if (EngineHost.TryOpen(options.DataPath, out reason) is not { } engine)
    return Refuse($"data folder {options.DataPath} cannot be opened: {reason}");

using (folder)
{
    try
    {
        using var server = new Server(options, engine);
        await server.RunAsync();
    }
    catch (IOException error)
    {
        // Kestrel says it this way when the port is taken or may not be used.
        return Refuse(error.Message);
    }

    if (engine.OpenConnections > 0)
    {
        // A statement that could not be cancelled in time: what is committed is on disk, and the next start cleans up.
        ServerLog.Write($"stopped: {engine.OpenConnections} statements were still running");
        LinuxApi.ExitNow(0);
    }

    engine.Dispose();
    ServerLog.Write("stopped");
}

return 0;

static int Refuse(string reason)
{
    ServerLog.Write($"cannot start: {reason}");
    return 1;
}
