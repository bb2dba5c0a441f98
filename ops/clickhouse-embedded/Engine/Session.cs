using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// A connection that outlives its request (session_id): temporary tables and SET stay, settings in a URL hold for that
/// request only and are put back afterwards. One request at a time has it, given out by <see cref="SessionTable"/>.
/// </summary>
internal sealed class Session(EngineHost engine, int timeoutSec) : IDisposable
{
    private EngineConnection? _connection;

    public long ExpiresAtMs { get; private set; }

    public void Touch(long nowMs) => ExpiresAtMs = nowMs + (timeoutSec * 1000L);

    public EngineResult Execute(RunSettings settings, string tag, Func<EngineConnection, EngineResult> body)
    {
        var isFresh = _connection is null;
        var connection = _connection ??= engine.Connect();
        // readonly cannot be taken back; in a session the engine's parser decides instead (QueryRun).
        var request = settings.WithoutReadOnly();
        var database = Value(connection, "SELECT currentDatabase()");
        var before = Remember(connection, request);
        var error = request.ApplyInSession(connection, tag, isFresh);
        var result = error is null ? body(connection) : EngineResult.Failed(error);
        if (request.Database is not null)
            connection.Query($"USE {SqlText.Name(database)}");
        foreach (var statement in before)
            connection.Query(statement);
        return result;
    }

    public void Dispose() => _connection?.Dispose();

    /// <summary>The statements that bring the request's settings back to what they are now.</summary>
    private static List<string> Remember(EngineConnection connection, RunSettings settings)
    {
        var statements = new List<string>();
        foreach (var (name, _) in settings.Settings)
        {
            var changed = Value(
                connection, $"SELECT value FROM system.settings WHERE changed AND name = {SqlText.Quote(name)}");
            statements.Add(changed.Length == 0
                ? $"SET {name} = DEFAULT"
                : RunSettings.SetStatement([new(name, changed)]));
        }

        return statements;
    }

    private static string Value(EngineConnection connection, string sql) =>
        Encoding.UTF8.GetString(connection.Query(Encoding.UTF8.GetBytes(sql), "RawBLOB", null).Body);
}
