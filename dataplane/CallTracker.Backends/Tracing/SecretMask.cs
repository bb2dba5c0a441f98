using System.Text;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Takes out of a message what nobody may learn from a trace: answers to digest challenges, other credentials, media
/// keys and dialled digits. In place and of the same length, so that Content-Length stays true. Stateless.
/// </summary>
internal static class SecretMask
{
    private const byte Blank = (byte)'x';

    private static ReadOnlySpan<byte> DtmfType => "application/dtmf"u8;

    /// <summary>Masks a message, well-formed or not.</summary>
    public static void Apply(Span<byte> message)
    {
        var at = 0;
        var isDtmf = false;
        var isSecret = false;
        while (TakeLine(message, ref at, out var line))
        {
            if (line.IsEmpty)
            {
                MaskBody(message[at..], isDtmf);
                return;
            }
            // A line that begins with white space continues the one before (RFC 3261 section 7.3.1).
            var isFolded = line[0] is (byte)' ' or (byte)'\t';
            if (isFolded && isSecret) line.Fill(Blank);
            if (isFolded) continue;
            isSecret = MaskHeader(line, ref isDtmf);
        }
    }

    // True when the header holds credentials, so that its continuation is masked as well.
    private static bool MaskHeader(Span<byte> line, ref bool isDtmf)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0) return false;
        var name = line[..colon].TrimEnd((byte)' ');
        var value = line[(colon + 1)..];
        if (Is(name, "Content-Type"u8) || Is(name, "c"u8)) isDtmf |= Find(value, DtmfType) >= 0 && !IsRelay(value);
        if (Is(name, "Authentication-Info"u8) || Is(name, "Proxy-Authentication-Info"u8))
        {
            MaskParameter(value, "rspauth"u8);
            return true;
        }
        if (!Is(name, "Authorization"u8) && !Is(name, "Proxy-Authorization"u8)) return false;
        if (Find(value, "digest"u8) >= 0) MaskParameter(value, "response"u8);
        else value.TrimStart((byte)' ').Fill(Blank);
        return true;
    }

    private static bool IsRelay(ReadOnlySpan<byte> value) => Find(value, "application/dtmf-relay"u8) >= 0;

    // response = "response" EQUAL DQUOTE 32LHEX DQUOTE
    private static void MaskParameter(Span<byte> value, ReadOnlySpan<byte> name)
    {
        for (var from = 0; Find(value[from..], name) is >= 0 and var found;)
        {
            var start = from + found;
            from = start + name.Length;
            var isWhole = start == 0 || value[start - 1] is (byte)' ' or (byte)',' or (byte)'\t';
            var rest = value[from..].TrimStart((byte)' ');
            if (!isWhole || rest.IsEmpty || rest[0] != '=') continue;
            var text = rest[1..].TrimStart((byte)' ');
            if (!text.IsEmpty && text[0] == '"') text = text[1..];
            var end = text.IndexOfAny((byte)'"', (byte)',');
            text[..(end < 0 ? text.Length : end)].Fill(Blank);
        }
    }

    private static void MaskBody(Span<byte> body, bool isDtmf)
    {
        if (isDtmf)
        {
            body.Fill(Blank);
            return;
        }
        var at = 0;
        while (TakeLine(body, ref at, out var line)) MaskBodyLine(line);
    }

    // a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:…|2^20|1:32    a=acap:1 crypto:1 … inline:…    k=base64:…
    // a=ice-pwd:…    Signal=5
    private static void MaskBodyLine(Span<byte> line)
    {
        if (Begins(line, "a=crypto:"u8)) MaskAfter(line, "inline:"u8);
        else if (Begins(line, "a=key-mgmt:"u8)) line["a=key-mgmt:".Length..].Fill(Blank);
        else if (Begins(line, "a=ice-pwd:"u8)) line["a=ice-pwd:".Length..].Fill(Blank);
        else if (Begins(line, "k="u8)) line[2..].Fill(Blank);
        else if (Begins(line, "Signal"u8)) MaskSignal(line);
        else if (Find(line, "inline:"u8) is >= 0 and var key) line[(key + "inline:".Length)..].Fill(Blank);
    }

    private static void MaskAfter(Span<byte> line, ReadOnlySpan<byte> mark)
    {
        var at = Find(line, mark);
        line[(at < 0 ? "a=crypto:".Length : at + mark.Length)..].Fill(Blank);
    }

    private static void MaskSignal(Span<byte> line)
    {
        var equals = line.IndexOfAny((byte)'=', (byte)':');
        if (equals >= 0) line[(equals + 1)..].Fill(Blank);
    }

    private static bool TakeLine(Span<byte> text, ref int at, out Span<byte> line)
    {
        line = default;
        if (at >= text.Length) return false;
        var length = text[at..].IndexOf((byte)'\n');
        var end = length < 0 ? text.Length : at + length;
        line = text[at..end].TrimEnd((byte)'\r');
        at = end + 1;
        return true;
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && Is(text[..start.Length], start);

    private static bool Is(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right);

    private static int Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (var at = 0; at + word.Length <= text.Length; at++)
        {
            if (Is(text.Slice(at, word.Length), word)) return at;
        }
        return -1;
    }
}
