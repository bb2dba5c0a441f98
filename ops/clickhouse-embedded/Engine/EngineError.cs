using System.Buffers;
using System.Globalization;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// An exception of the engine as a ClickHouse server words it: number, symbolic name, sentence. The engine's library
/// wraps some messages two or three times ("Code: 73. DB::Exception: Code: 73. …"); <see cref="Parse"/> unwraps them.
/// </summary>
internal sealed record EngineError(int Code, string Name, string Message)
{
    private const string CodePrefix = "Code: ";
    private const string ExceptionMark = "Exception: ";
    private const string VersionMark = " (version ";
    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>The code that ClickHouse gives to what has no code of its own.</summary>
    public const int UnknownException = 1002;

    /// <summary>Code: 60. DB::Exception: Unknown table … . (UNKNOWN_TABLE)</summary>
    public override string ToString() => $"Code: {Code}. DB::Exception: {Message} ({Name})";

    public static EngineError Parse(string text)
    {
        var code = UnknownException;
        var rest = text.Trim();
        while (TryUnwrap(rest, out var inner, out var found))
        {
            // The innermost code is the cause; the outer ones repeat it.
            code = found;
            rest = inner;
        }

        var (message, name) = CutName(CutVersions(rest));
        return new EngineError(code, name ?? "UNKNOWN_EXCEPTION", message);
    }

    private static bool TryUnwrap(string text, out string inner, out int code)
    {
        inner = text;
        code = 0;
        if (!text.StartsWith(CodePrefix, StringComparison.Ordinal))
            return false;
        var dot = text.IndexOf('.', CodePrefix.Length);
        var mark = text.IndexOf(ExceptionMark, StringComparison.Ordinal);
        if (dot < 0 || mark < dot)
            return false;
        var digits = text.AsSpan(CodePrefix.Length, dot - CodePrefix.Length);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out code))
            return false;
        inner = text[(mark + ExceptionMark.Length)..];
        return true;
    }

    /// <summary>Removes every " (version …)"; it is written once, when the response is.</summary>
    private static string CutVersions(string text)
    {
        int at;
        while ((at = text.LastIndexOf(VersionMark, StringComparison.Ordinal)) >= 0)
        {
            var depth = 0;
            var end = at + 1;
            for (; end < text.Length; end++)
            {
                depth += text[end] switch { '(' => 1, ')' => -1, _ => 0 };
                if (depth == 0)
                    break;
            }

            text = string.Concat(text.AsSpan(0, at), text.AsSpan(Math.Min(end + 1, text.Length)));
        }

        return text;
    }

    /// <summary>"… . (NAME). (NAME)" becomes "… ." and NAME.</summary>
    private static (string Message, string? Name) CutName(string text)
    {
        string? name = null;
        while (text.EndsWith(')'))
        {
            var open = text.LastIndexOf('(');
            if (open < 1 || !IsName(text.AsSpan(open + 1, text.Length - open - 2)))
                break;
            var found = text.Substring(open + 1, text.Length - open - 2);
            if (name is not null && !string.Equals(name, found, StringComparison.Ordinal))
                break;
            name = found;
            text = text[..open].TrimEnd();
            // Between two copies of the name stands the full stop of the outer wrapping.
            if (text.EndsWith($"({name}).", StringComparison.Ordinal))
                text = text[..^1];
        }

        return (text, name);
    }

    private static bool IsName(ReadOnlySpan<char> text) =>
        text.Length > 2 && !text.ContainsAnyExcept(NameLetters);
}
