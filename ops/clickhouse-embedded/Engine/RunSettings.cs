using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// Database and settings of one request, applied to a connection before its statement. Three settings differ from the
/// engine's own defaults to be what a server has or what this product needs: no implicit SELECT (a server has none), no
/// introspection functions, and INSERTs that are confirmed when written instead of gathered for up to 200 ms. And rows
/// come before reports: other statements yield to running INSERTs, and their threads are nicer, also than a process at
/// 10 (which Linux allows only with CAP_SYS_NICE; without it the engine leaves it). Measured on two busy cores beside
/// 23 SELECTs that only compute:
/// an INSERT of 10,000 rows takes 0.2 s so, 8 s without. All can be overridden by the request.
/// </summary>
internal sealed record RunSettings(
    string? Database, IReadOnlyList<KeyValuePair<string, string>> Settings, bool MustOnlyRead)
{
    private const string CommentName = "log_comment";
    private const string ReadOnlyName = "readonly";

    private static readonly KeyValuePair<string, string>[] ForSessions =
    [
        new("implicit_select", "0"),
        new("allow_introspection_functions", "0"),
        new("async_insert", "0"),
    ];

    private static readonly KeyValuePair<string, string>[] ForRows = [.. ForSessions, new("priority", "1")];

    private static readonly KeyValuePair<string, string>[] ForOthers =
    [
        .. ForSessions,
        new("priority", "2"),
        new("low_priority_query_wait_time_ms", "200"),
        new("os_threads_nice_value_query", "15"),
    ];

    /// <summary>True for an INSERT with rows.</summary>
    public bool BringsRows { get; init; }

    /// <summary>For a connection that only this request uses.</summary>
    public EngineError? Apply(EngineConnection connection, string tag) =>
        Apply(connection, tag, BringsRows ? ForRows : ForOthers);

    /// <summary>Defaults go to a fresh session only: it may have set them otherwise since.</summary>
    public EngineError? ApplyInSession(EngineConnection connection, string tag, bool isFresh) =>
        Apply(connection, tag, isFresh ? ForSessions : []);

    /// <summary>The same, without what a connection could not take back.</summary>
    public RunSettings WithoutReadOnly() => this with
    {
        MustOnlyRead = false,
        Settings = [.. Settings.Where(setting => !string.Equals(setting.Key, ReadOnlyName, StringComparison.Ordinal))],
    };

    public static string SetStatement(IEnumerable<KeyValuePair<string, string>> settings)
    {
        var text = new StringBuilder("SET ");
        foreach (var (name, value) in settings)
            text.Append(text.Length == 4 ? "" : ", ").Append(name).Append(" = ").Append(SqlText.Quote(value));
        return text.ToString();
    }

    private EngineError? Apply(EngineConnection connection, string tag, KeyValuePair<string, string>[] defaults)
    {
        if (Database is not null && connection.Query($"USE {SqlText.Name(Database)}").Error is { } error)
            return error;
        var all = new Dictionary<string, string>(defaults, StringComparer.Ordinal);
        foreach (var (name, value) in Settings)
            all[name] = value;
        // The tag is how KILL QUERY finds the statement: the engine gives out its query ids itself.
        all[CommentName] = $"{all.GetValueOrDefault(CommentName)}{tag}";
        // ClickHouse's own rule for GET: 2 forbids writing but allows further settings.
        if (MustOnlyRead && all.GetValueOrDefault(ReadOnlyName, "0") is "0")
            all[ReadOnlyName] = "2";
        return connection.Query(SetStatement(all)).Error;
    }
}
