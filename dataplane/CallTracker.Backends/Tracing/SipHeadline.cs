using System.Globalization;
using System.Text;

namespace CallTracker.Backends.Tracing;

/// <summary>What a message is, by its first line: a method or a status. Stateless.</summary>
internal static class SipHeadline
{
    private const int MethodLengthMax = 20;

    // Request-Line = Method SP Request-URI SP SIP-Version, Status-Line = SIP-Version SP 3DIGIT SP Reason-Phrase
    public static (string Method, ushort Status) Read(ReadOnlySpan<byte> message)
    {
        var start = message.TrimStart("\r\n"u8);
        var space = start.IndexOf((byte)' ');
        if (space <= 0) return ("", 0);
        if (!start.StartsWith("SIP/"u8)) return (MethodOf(start[..space]), 0);
        var rest = start[(space + 1)..];
        var isStatus = ushort.TryParse(
            rest[..Math.Min(3, rest.Length)], NumberStyles.None, CultureInfo.InvariantCulture, out var status);
        return ("", isStatus ? status : (ushort)0);
    }

    // The column is a dictionary: what is no method must not fill it.
    private static string MethodOf(ReadOnlySpan<byte> text) =>
        text.Length <= MethodLengthMax && text.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0
            ? Encoding.ASCII.GetString(text)
            : "";
}
