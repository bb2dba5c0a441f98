using System.Diagnostics.Metrics;
using System.Text;

namespace CallTracker.Contracts.Metrics;

/// <summary>
/// Turns an instrument's name and unit into a Prometheus name: dots become underscores, the unit is spelled out at the
/// end (<c>s</c> → <c>_seconds</c>), counters end in <c>_total</c>. Stateless.
/// </summary>
internal static class MetricName
{
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder(Sanitise(instrument.Name));
        var unit = UnitWord(instrument.Unit);
        if (unit.Length > 0 && !EndsWithWord(name, unit)) name.Append('_').Append(unit);
        if (kind == MetricKind.Counter && !EndsWithWord(name, "total")) name.Append("_total");
        return name.ToString();
    }

    // [a-zA-Z_][a-zA-Z0-9_]* — the colon is left to recording rules.
    public static string Sanitise(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0])) text.Insert(0, '_');
        return text.ToString();
    }

    // UCUM units as System.Diagnostics.Metrics recommends them; annotations in braces ({call}) add nothing to a name.
    private static string UnitWord(string? unit) => unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        "1" => "ratio",
        _ => "",
    };

    private static bool EndsWithWord(StringBuilder name, string word)
    {
        var text = name.ToString();
        return text == word || text.EndsWith("_" + word, StringComparison.Ordinal);
    }
}
