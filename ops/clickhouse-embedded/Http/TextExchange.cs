using CallTracker.ClickHouseEmbedded.Engine;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// Runs a statement that is complete in its text, and carries its rows from the engine's pipe to the client while the
/// engine makes them. A slow client slows the engine, nothing grows. Belongs to one request.
/// </summary>
internal sealed class TextExchange(QueryRun run, Statement statement, string format, QueryParameters parameters,
    CancellationToken stopping) : IDisposable
{
    private const int PieceBytes = 128 * 1024;
    private readonly OutputPipe _pipe = new();
    private Task<EngineResult> _running = Task.FromResult(EngineResult.Failed(EngineErrors.Cancelled));

    public async Task<EngineError?> RunAsync(ResponseSink sink, CancellationToken cancellation)
    {
        _running = EngineThread.Run(RunOnEngineThread);
        await using var killer = cancellation.Register(() => _ = KillAsync());
        EngineError? error = null;
        try
        {
            if (!await CarryAsync(sink, cancellation))
                error = EngineErrors.SpoolFull;
        }
        finally
        {
            // Whatever happened, the engine must not wait for a reader, and the connection is in use until it ends.
            _pipe.Reader.Close();
            if (error is not null)
                await run.KillUntil(_running);
            await _running;
        }

        var result = await _running;
        error ??= result.Error;
        if (error is null)
            await sink.FinishAsync(result);
        return error;
    }

    public void Dispose() => _pipe.Dispose();

    private EngineResult RunOnEngineThread()
    {
        try
        {
            return run.Execute(connection => run.ExecuteText(connection, statement, format, parameters, _pipe));
        }
        finally
        {
            _pipe.CloseWriter();
        }
    }

    /// <summary>A statement that writes runs on when its client has gone, as on a server; not when we stop.</summary>
    private async Task KillAsync()
    {
        if (stopping.IsCancellationRequested || await run.OnlyReads)
            await run.KillUntil(_running);
    }

    private async Task<bool> CarryAsync(ResponseSink sink, CancellationToken cancellation)
    {
        var piece = new byte[PieceBytes];
        while (true)
        {
            var count = await _pipe.Reader.ReadAsync(piece, CancellationToken.None);
            if (count == 0)
                return true;
            cancellation.ThrowIfCancellationRequested();
            if (!await sink.TryWriteAsync(piece.AsMemory(0, count)))
                return false;
        }
    }
}
