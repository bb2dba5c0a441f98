using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CallTracker.Node.Hosting;

/// <summary>
/// What the log says of an exception that ended a worker: its type, the first line of its message and the first frames,
/// in one line of bounded length. What a message quotes may have come from the network, as may long numbers, which may
/// be somebody's telephone: neither is shown. Stateless.
/// </summary>
internal static class FailureText
{
    /// <summary>Characters of a message.</summary>
    public const int MessageLengthMax = 160;

    /// <summary>Frames named, the innermost first.</summary>
    public const int FramesMax = 10;

    /// <summary>Characters of a frame's name; of a longer one the end counts.</summary>
    public const int FrameLengthMax = 120;

    // An errno, an index or a port is shorter; a telephone number is not.
    private const int DigitsMax = 5;
    private const char Blank = '?';

    /// <summary>The line.</summary>
    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        AppendHead(text, exception);
        // What a static constructor or a task met is inside; more than one level has not been seen.
        if (exception.InnerException is { } inner)
        {
            text.Append(" of ");
            AppendHead(text, inner);
        }
        AppendFrames(text, exception.InnerException ?? exception);
        return text.ToString();
    }

    private static void AppendHead(StringBuilder text, Exception exception)
    {
        text.Append(exception.GetType().Name);
        if (exception.Message.Length > 0) AppendMessage(text.Append(": "), exception.Message);
    }

    // A quotation that does not end goes on to the end.
    private static void AppendMessage(StringBuilder text, string message)
    {
        var (quote, digits) = ('\0', 0);
        for (var i = 0; i < message.Length && i < MessageLengthMax && message[i] is not ('\r' or '\n'); i++)
        {
            var c = message[i];
            var isInside = quote != '\0';
            if (isInside && c == quote) quote = '\0';
            else if (!isInside && c is '"' or '\'' or '`') quote = c;
            else if (isInside) c = Blank;
            digits = char.IsDigit(c) ? digits + 1 : 0;
            text.Append(digits > DigitsMax || !IsPlain(c) ? Blank : c);
        }
    }

    private static bool IsPlain(char c) => c is >= ' ' and <= '~';

    private static void AppendFrames(StringBuilder text, Exception exception)
    {
        var count = 0;
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method) continue;
            if (count++ == FramesMax) return;
            var name = $"{method.DeclaringTypeName}.{method.Name}";
            text.Append(count == 1 ? " at " : " < ").Append(name.AsSpan(Math.Max(0, name.Length - FrameLengthMax)));
            if (frame.GetFileLineNumber() is > 0 and var line)
                text.Append(CultureInfo.InvariantCulture, $":{line}");
        }
    }
}
