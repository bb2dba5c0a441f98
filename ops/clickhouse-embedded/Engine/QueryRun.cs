using System.Globalization;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// One statement on its way through the engine: opens or borrows a connection, applies the request's database and
/// settings, runs, puts things back. Everything but <see cref="KillUntil"/> happens on the run's engine thread.
/// </summary>
internal sealed class QueryRun(EngineHost engine, RunSettings settings, Session? session)
{
    private const int KillRepeatMs = 100;
    private static long _lastNumber;
    private readonly string _tag = string.Create(
        CultureInfo.InvariantCulture, $"[run {Interlocked.Increment(ref _lastNumber)}]");

    private readonly TaskCompletionSource<bool> _onlyReads = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The engine's parser says: it only reads, and may be killed when its client has gone.</summary>
    public Task<bool> OnlyReads => _onlyReads.Task;

    public EngineResult Execute(Func<EngineConnection, EngineResult> body)
    {
        try
        {
            if (session is not null)
                return session.Execute(settings, _tag, body);
            using var connection = engine.Connect();
            var error = settings.Apply(connection, _tag);
            return error is null ? body(connection) : EngineResult.Failed(error);
        }
        finally
        {
            _onlyReads.TrySetResult(false);
        }
    }

    /// <summary>A statement that is complete in its text. The rows of its result go into the pipe.</summary>
    public EngineResult ExecuteText(
        EngineConnection connection, Statement statement, string format, QueryParameters parameters, OutputPipe pipe)
    {
        var analysis = connection.Classify(statement.Text.Span);
        if (analysis.StatementCount > 1)
            return EngineResult.Failed(EngineErrors.MultiStatement);
        if (analysis.Class != QueryClass.ReadOnly)
        {
            _onlyReads.TrySetResult(false);
            return settings.MustOnlyRead && analysis.Class != QueryClass.Unknown && session is not null
                ? EngineResult.Failed(EngineErrors.ReadOnly)
                : connection.Query(statement.Text.Span, format, parameters);
        }

        _onlyReads.TrySetResult(true);
        var result = connection.Query(statement.WithOutfile(pipe.WriterPath), format, parameters);
        // A few statements with a result know no INTO OUTFILE; and a message must not show our clause.
        return result.Error?.Code == EngineErrors.SyntaxErrorCode
            ? connection.Query(statement.Text.Span, format, parameters)
            : result;
    }

    /// <summary>Kills the statement, again until it ends: it may not have begun at the first time.</summary>
    public async Task KillUntil(Task ended)
    {
        while (!ended.IsCompleted)
        {
            await EngineThread.Run(Kill);
            await Task.WhenAny(ended, Task.Delay(KillRepeatMs));
        }
    }

    private bool Kill()
    {
        using var connection = engine.Connect();
        return connection.Query($"KILL QUERY WHERE endsWith(Settings['log_comment'], '{_tag}') ASYNC").Error is null;
    }
}
