using System.Buffers;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>Puts text from outside into statements of ours: as a string, or as a name.</summary>
internal static class SqlText
{
    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");

    public static string Quote(string text) => $"'{Escape(text)}'";

    public static string Name(string text) => $"`{Escape(text).Replace("`", "\\`", StringComparison.Ordinal)}`";

    /// <summary>A setting's name goes into SET as it is, so it may hold nothing but what names are made of.</summary>
    public static bool IsSettingName(string text) =>
        text.Length is > 0 and <= 128 && char.IsAsciiLetter(text[0]) && !text.AsSpan().ContainsAnyExcept(NameLetters);

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "\\'", StringComparison.Ordinal);
}
