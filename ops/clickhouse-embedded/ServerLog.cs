using System.Globalization;
using System.Text;

namespace CallTracker.ClickHouseEmbedded;

/// <summary>
/// One line per event on standard error: start, stop, failed query. Never holds a query's text, rows, parameters or the
/// engine's sentence (it quotes data); what comes from outside is escaped. Thread-safe.
/// </summary>
internal static class ServerLog
{
    public static void Write(string text) =>
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} clickhouse-embedded: {Escape(text)}"));

    /// <summary>Control characters and all beyond ASCII become \uXXXX.</summary>
    public static string Escape(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (letter is >= ' ' and <= '~')
                escaped.Append(letter);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }

        return escaped.ToString();
    }
}
