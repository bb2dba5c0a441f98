using System.Text;

namespace CallTracker.Sip.Parsing;

/// <summary>Small readers over ASCII bytes, used by every view. Stateless; nothing throws, nothing allocates.</summary>
public static class SipText
{
    /// <summary>Both sides without spaces and tabs (LWS after unfolding).</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => TrimEnd(TrimStart(text));

    /// <summary>The left side without spaces and tabs.</summary>
    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        // Most texts have nothing to trim, and the library's Trim searches its list for each byte.
        var start = 0;
        while (start < text.Length && SipChars.IsWhite(text[start])) start++;
        return text[start..];
    }

    /// <summary>The right side without spaces and tabs.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        while (length > 0 && SipChars.IsWhite(text[length - 1])) length--;
        return text[..length];
    }

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        Ascii.EqualsIgnoreCase(left, right);

    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);

    // 1*DIGIT; larger than max, empty and anything else are refused.
    public static bool TryReadNumber(ReadOnlySpan<byte> text, uint max, out uint number)
    {
        number = 0;
        if (text.IsEmpty) return false;
        ulong value = 0;
        foreach (var c in text)
        {
            if (!SipChars.IsDigit(c)) return false;
            value = (value * 10) + (uint)(c - '0');
            if (value > max) return false;
        }
        number = (uint)value;
        return true;
    }

    /// <summary>True when every quoted string and every angle bracket ends.</summary>
    public static bool IsBalanced(ReadOnlySpan<byte> text) => IndexOutsideQuotes(text, -1) == -1;

    /// <summary>
    /// The first <paramref name="wanted"/> that stands outside quoted strings and angle brackets, -1 when there is
    /// none, -2 when a quoted string or a bracket never ends.
    /// </summary>
    public static int IndexOutsideQuotes(ReadOnlySpan<byte> text, int wanted)
    {
        // Most values have neither quotes nor brackets, and most that have one have it at their start.
        var first = text.IndexOfAny((byte)'"', (byte)'<', wanted < 0 ? (byte)'"' : (byte)wanted);
        if (first < 0) return -1;
        if (text[first] == wanted) return first;
        return IndexOutsideQuotes(text, wanted, first);
    }

    private static int IndexOutsideQuotes(ReadOnlySpan<byte> text, int wanted, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"')
            {
                var length = QuotedLength(text[i..]);
                if (length < 0) return -2;
                i += length - 1;
            }
            else if (c == wanted) return i;
            else if (c == '<')
            {
                // Inside brackets nothing counts but their end.
                var end = text[i..].IndexOf((byte)'>');
                if (end < 0) return -2;
                i += end;
            }
        }
        return -1;
    }

    // quoted-string = DQUOTE *(qdtext / quoted-pair) DQUOTE; the length with both quotes, or -1 when it never ends.
    public static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"') return i + 1;
        }
        return -1;
    }

    /// <summary>
    /// True when the comma-separated token list holds <paramref name="token"/> (Supported, Require, Allow).
    /// </summary>
    public static bool ListContains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        while (!list.IsEmpty)
        {
            var comma = list.IndexOf((byte)',');
            var item = comma < 0 ? list : list[..comma];
            if (EqualsIgnoreCase(Trim(item), token)) return true;
            list = comma < 0 ? default : list[(comma + 1)..];
        }
        return false;
    }
}
