using System.Collections.Frozen;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>The engine's output formats with their content types, asked once at start. Immutable.</summary>
internal sealed class FormatTable
{
    public const string Default = "TabSeparated";
    private const string PlainText = "text/plain; charset=UTF-8";
    private readonly FrozenDictionary<string, string> _contentTypes;

    public FormatTable(EngineHost engine)
    {
        var types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var lines = engine.Ask("SELECT name, content_type FROM system.formats WHERE is_output");
        foreach (var line in lines.Split('\n'))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0)
                types[line[..tab]] = line[(tab + 1)..];
        }

        _contentTypes = types.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public string ContentType(string format) => _contentTypes.GetValueOrDefault(format, PlainText);
}
