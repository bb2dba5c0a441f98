using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// Database and settings of one request, applied to a connection before its statement. Three settings differ from the
/// engine's own defaults to be what a server has or what this product needs: no implicit SELECT (a server has none), no
/// introspection functions, and INSERTs that are confirmed when written instead of gathered for up to 200 ms. All can
/// be overridden by the request.
/// </summary>
internal sealed record RunSettings(
    string? Database, IReadOnlyList<KeyValuePair<string, string>> Settings, bool MustOnlyRead)
{
    private const string CommentName = "log_comment";
    private const string ReadOnlyName = "readonly";

    private static readonly KeyValuePair<string, string>[] Defaults =
    [
        new("implicit_select", "0"),
        new("allow_introspection_functions", "0"),
        new("async_insert", "0"),
    ];

    /// <summary>The defaults go to a fresh connection only: a session may have set them otherwise since.</summary>
    public EngineError? Apply(EngineConnection connection, string tag, bool isFresh)
    {
        if (Database is not null && connection.Query($"USE {SqlText.Name(Database)}").Error is { } error)
            return error;
        var all = new Dictionary<string, string>(isFresh ? Defaults : [], StringComparer.Ordinal);
        foreach (var (name, value) in Settings)
            all[name] = value;
        // The tag is how KILL QUERY finds the statement: the engine gives out its query ids itself.
        all[CommentName] = $"{all.GetValueOrDefault(CommentName)}{tag}";
        // ClickHouse's own rule for GET: 2 forbids writing but allows further settings.
        if (MustOnlyRead && all.GetValueOrDefault(ReadOnlyName, "0") is "0")
            all[ReadOnlyName] = "2";
        return connection.Query(SetStatement(all)).Error;
    }

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
}
