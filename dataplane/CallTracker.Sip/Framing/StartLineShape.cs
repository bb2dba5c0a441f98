using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Framing;

/// <summary>
/// Whether a line could start a SIP message at all, seen from far: what fails here is another protocol (TLS on a plain
/// port, HTTP) or noise. The parser says the rest. Stateless.
/// </summary>
internal static class StartLineShape
{
    // Longer than any method in use; a first word without an end by then is noise.
    private const int FirstWordBytesMax = 32;

    // Request-Line = Method SP …; Status-Line = "SIP/2.0" SP …
    public static bool CanBegin(ReadOnlySpan<byte> bytes)
    {
        var space = bytes[..Math.Min(bytes.Length, FirstWordBytesMax + 1)].IndexOf((byte)' ');
        var word = space < 0 ? bytes : bytes[..space];
        if (space < 0 && bytes.Length > FirstWordBytesMax) return false;
        return IsFirstWord(word) && space != 0;
    }

    /// <summary>The line as a whole names the protocol, at its start or at its end, in whatever version.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> line)
    {
        if (!CanBegin(line)) return false;
        if (SipText.StartsWithIgnoreCase(line, "SIP/"u8)) return true;
        var last = line.LastIndexOf((byte)' ');
        return last > 0 && SipText.StartsWithIgnoreCase(line[(last + 1)..], "SIP/"u8);
    }

    private static bool IsFirstWord(ReadOnlySpan<byte> word)
    {
        foreach (var c in word)
        {
            if (!SipChars.Token.Contains(c) && c != '/') return false;
        }
        return true;
    }
}
