namespace CallTracker.Backends;

/// <summary>Makes text from outside fit for a log line. Stateless.</summary>
internal static class LogText
{
    private const int LengthMax = 80;

    public static string Clean(string text)
    {
        var cut = text.Length > LengthMax ? text[..LengthMax] : text;
        return string.Create(cut.Length, cut, static (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = char.IsControl(source[i]) ? '?' : source[i];
        });
    }
}
