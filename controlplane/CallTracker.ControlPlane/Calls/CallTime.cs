using System.Globalization;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// Times of the call log: kept as Unix milliseconds, shown in Japan Standard Time (no daylight saving). Stateless.
/// </summary>
internal static class CallTime
{
    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd",
        "yyyy/MM/dd'T'HH:mm:ss", "yyyy/MM/dd'T'HH:mm", "yyyy/MM/dd",
    ];

    /// <summary><c>2026-09-01T10:00:00.123+09:00</c></summary>
    public static string Iso(long ms) =>
        At(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+09:00'", CultureInfo.InvariantCulture);

    /// <summary><c>2026/09/01 10:00:00</c>, the form of the CSV files of the seed service.</summary>
    public static string Seed(long ms) => At(ms).ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>
    /// ISO 8601 with or without offset, or the form of the CSV; Japan Standard Time is the default zone.
    /// </summary>
    public static long? Parse(string text)
    {
        if (text.Length is 0 or > 40) return null;
        var written = WithSeparators(text);
        var style = DateTimeStyles.RoundtripKind;
        if (!DateTime.TryParseExact(written, Forms, CultureInfo.InvariantCulture, style, out var time)) return null;
        var offset = time.Kind == DateTimeKind.Unspecified ? Japan : TimeSpan.Zero;
        var utc = time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;
        var ticks = utc.Ticks - offset.Ticks;
        var isInRange = ticks > DateTime.UnixEpoch.Ticks
            && ticks < new DateTime(2200, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        return isInRange ? (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond : null;
    }

    // A blank between date and time is common; a blank before an offset is a plus sign that was not URL-encoded.
    private static string WithSeparators(string text)
    {
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0) return text;
        var separator = text.AsSpan(0, blank).Contains('T') ? "+" : "T";
        return string.Concat(text.AsSpan(0, blank), separator, text.AsSpan(blank + 1));
    }

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(Japan);
}
