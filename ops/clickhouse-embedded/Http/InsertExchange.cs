using CallTracker.ClickHouseEmbedded.Engine;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// Carries the rows of an INSERT from the request's body into the engine, piece by piece. A body that breaks off
/// cancels the INSERT: its unfinished block is not written. Belongs to one request.
/// </summary>
internal sealed class InsertExchange(QueryRun run, QueryText text, QueryParameters parameters)
{
    public async Task<EngineError?> RunAsync(ResponseSink sink, CancellationToken cancellation)
    {
        var result = await EngineThread.Run(() => run.Execute(connection => Insert(connection, cancellation)));
        if (result.Error is null)
            await sink.FinishAsync(result);
        return result.Error;
    }

    /// <summary>On the engine thread, which may wait: for the client as well as for the engine.</summary>
    private EngineResult Insert(EngineConnection connection, CancellationToken cancellation)
    {
        var statement = text.Statement;
        using var insert = connection.BeginInsert(statement.Head, statement.Shape.Format!, parameters);
        if (insert.Error is { } error)
            return EngineResult.Failed(error);
        try
        {
            if (text.FirstRows.IsEmpty || insert.Append(text.FirstRows.Span))
                AppendBody(insert, cancellation);
            return insert.Finish();
        }
        catch (Exception broken) when (broken is OperationCanceledException or IOException or InvalidDataException)
        {
            insert.Cancel();
            return EngineResult.Failed(
                broken is InvalidDataException ? EngineErrors.BrokenBody : EngineErrors.Cancelled);
        }
    }

    private void AppendBody(EngineInsert insert, CancellationToken cancellation)
    {
        var piece = new byte[ServerLimits.InsertPieceBytes];
        while (true)
        {
            var reading = text.Body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation);
            var count = reading.IsCompletedSuccessfully ? reading.Result : reading.AsTask().GetAwaiter().GetResult();
            if (count > 0 && !insert.Append(piece.AsSpan(0, count)))
                return;
            if (count < piece.Length)
                return;
        }
    }
}
