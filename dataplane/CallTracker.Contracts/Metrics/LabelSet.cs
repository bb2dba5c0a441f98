using System.Globalization;
using System.Text;

namespace CallTracker.Contracts.Metrics;

/// <summary>The labels of one series, kept both for comparison and as finished exposition text. Immutable.</summary>
internal sealed class LabelSet
{
    public static readonly LabelSet None = new([]);
    public static readonly LabelSet Overflow = new([new("overflow", "true")]);

    public LabelSet(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Tags = tags.ToArray();
        Text = Render(Tags);
    }

    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary><c>a="x",b="y"</c>, without braces; empty when there are no labels.</summary>
    public string Text { get; }

    private static string Render(KeyValuePair<string, object?>[] tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(MetricName.Sanitise(key)).Append("=\"");
            AppendEscaped(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }
        return text.ToString();
    }

    // Text format 0.0.4: in label values backslash, quote and line feed are escaped; other controls are replaced.
    private static void AppendEscaped(StringBuilder text, string value)
    {
        foreach (var c in value)
        {
            switch (c)
            {
                case '\\': text.Append(@"\\"); break;
                case '"': text.Append("\\\""); break;
                case '\n': text.Append(@"\n"); break;
                default: text.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c); break;
            }
        }
    }
}
