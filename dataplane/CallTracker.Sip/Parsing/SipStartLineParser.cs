namespace CallTracker.Sip.Parsing;

/// <summary>Reads the Request-Line or Status-Line of a message. Stateless.</summary>
internal static class SipStartLineParser
{
    private static ReadOnlySpan<byte> Version => "SIP/2.0"u8;

    public static void Parse(SipMessage message, ReadOnlySpan<byte> bytes, SipRange line)
    {
        var text = bytes.Slice(line.Start, line.Length);
        if (SipText.StartsWithIgnoreCase(text, "SIP/"u8)) ParseStatusLine(message, text, line.Start);
        else ParseRequestLine(message, text, line.Start);
    }

    // Request-Line = Method SP Request-URI SP SIP-Version CRLF
    private static void ParseRequestLine(SipMessage message, ReadOnlySpan<byte> text, int start)
    {
        ref var line = ref message.StartLine;
        var firstSpace = text.IndexOf((byte)' ');
        if (firstSpace < 1 || !SipChars.IsToken(text[..firstSpace]))
        {
            SipMessageParser.Refuse(message, SipParseResult.BadStartLine);
            return;
        }
        line.IsRequestLike = true;
        line.MethodText = new SipRange(start, firstSpace);
        line.Method = SipMethods.Parse(text[..firstSpace]);
        var lastSpace = text.LastIndexOf((byte)' ');
        var uriLength = lastSpace - firstSpace - 1;
        if (uriLength < 1 || text.Slice(firstSpace + 1, uriLength).IndexOfAny(" \t\r"u8) >= 0)
        {
            SipMessageParser.Refuse(message, SipParseResult.BadStartLine);
            return;
        }
        line.Uri = new SipRange(start + firstSpace + 1, uriLength);
        SipMessageParser.Refuse(message, CheckVersion(text[(lastSpace + 1)..]));
        // Headers in a Request-URI are not allowed (RFC 3261 section 19.1.1, table 1).
        var isUri = SipUriView.TryParse(message.Slice(line.Uri), out var uri);
        if (!isUri || !uri.Headers.IsEmpty) SipMessageParser.Refuse(message, SipParseResult.BadUri);
    }

    // Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF; Status-Code = 3DIGIT
    private static void ParseStatusLine(SipMessage message, ReadOnlySpan<byte> text, int start)
    {
        ref var line = ref message.StartLine;
        line.StatusCode = 999;
        var space = text.IndexOf((byte)' ');
        SipMessageParser.Refuse(message, space < 0 ? SipParseResult.BadStartLine : CheckVersion(text[..space]));
        var rest = text[(space + 1)..];
        var code = 0u;
        var isCode = rest.Length >= 3 && SipText.TryReadNumber(rest[..3], 699, out code) && code >= 100;
        if (!isCode || (rest.Length > 3 && rest[3] != ' ') || rest.IndexOfAny(SipChars.Control) >= 0)
        {
            SipMessageParser.Refuse(message, SipParseResult.BadStartLine);
            return;
        }
        line.StatusCode = (ushort)code;
        if (rest.Length > 4) line.Reason = new SipRange(start + space + 5, rest.Length - 4);
    }

    // SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT
    private static SipParseResult CheckVersion(ReadOnlySpan<byte> text)
    {
        if (SipText.EqualsIgnoreCase(text, Version)) return SipParseResult.Ok;
        var isOther = SipText.StartsWithIgnoreCase(text, "SIP/"u8) && text.Length > 4 && SipChars.IsDigit(text[4]);
        return isOther ? SipParseResult.UnsupportedVersion : SipParseResult.BadStartLine;
    }
}
