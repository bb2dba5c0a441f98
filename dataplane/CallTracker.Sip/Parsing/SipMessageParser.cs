namespace CallTracker.Sip.Parsing;

/// <summary>
/// Fills a <see cref="SipMessage"/>. The first fault is kept and reading goes on, so that a broken request can still be
/// answered with a 400. Stateless; nothing throws whatever the bytes are.
/// </summary>
internal static class SipMessageParser
{
    // :: Step 2 parse in place, or refuse with a reason
    // SIP-message = start-line *message-header CRLF [ message-body ]
    public static void Parse(SipMessage message, int length)
    {
        Reset(message, length);
        if (length > SipMessage.LengthMax)
        {
            message.Length = 0;
            Refuse(message, SipParseResult.TooLong);
            return;
        }
        var bytes = message.Buffer.AsSpan(message.Offset, length);
        var at = SkipLineEnds(bytes);
        if (at == length)
        {
            Refuse(message, length == 0 ? SipParseResult.TooShort : SipParseResult.KeepAlive);
            return;
        }
        if (!TryTakeLine(bytes, ref at, out var line) || line.Length == 0)
        {
            Refuse(message, SipParseResult.TooShort);
            return;
        }
        SipStartLineParser.Parse(message, bytes, line);
        var bodyStart = SipHeaderLines.Read(message, bytes, at);
        SipFieldParser.Parse(message, bodyStart);
    }

    public static void Refuse(
        SipMessage message, SipParseResult reason, SipHeaderKind culprit = SipHeaderKind.Other)
    {
        if (message.Result != SipParseResult.Ok) return;
        message.Result = reason;
        message.Culprit = culprit;
    }

    /// <summary>The next line without its end; false when no line end is left. A bare LF ends a line, too.</summary>
    public static bool TryTakeLine(ReadOnlySpan<byte> bytes, ref int at, out SipRange line)
    {
        var length = bytes[at..].IndexOf((byte)'\n');
        line = default;
        if (length < 0) return false;
        var start = at;
        at += length + 1;
        if (length > 0 && bytes[start + length - 1] == '\r') length--;
        line = new SipRange(start, length);
        return true;
    }

    private static void Reset(SipMessage message, int length)
    {
        message.Table.Clear();
        message.StartLine = default;
        message.Fields = default;
        message.Fields.MaxForwards = -1;
        message.Length = length;
        message.Result = SipParseResult.Ok;
        message.Culprit = SipHeaderKind.Other;
        message.CanAnswer = false;
    }

    // Implementations should ignore CRLF before the start line (RFC 3261 section 7.5).
    private static int SkipLineEnds(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        return at < 0 ? bytes.Length : at;
    }
}
