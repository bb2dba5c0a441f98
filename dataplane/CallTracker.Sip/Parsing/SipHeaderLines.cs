namespace CallTracker.Sip.Parsing;

/// <summary>
/// Cuts the header lines of a message into names and values, unfolds them in place and splits lists of addresses.
/// Stateless.
/// </summary>
internal static class SipHeaderLines
{
    /// <summary>Fills the table; where the body starts, or -1 when the headers never end.</summary>
    public static int Read(SipMessage message, Span<byte> bytes, int at)
    {
        while (true)
        {
            if (!SipMessageParser.TryTakeLine(bytes, ref at, out var line))
            {
                SipMessageParser.Refuse(message, SipParseResult.HeadersTruncated);
                return -1;
            }
            if (line.Length == 0) return at;
            while (at < bytes.Length && SipChars.IsWhite(bytes[at])) Unfold(bytes, ref at, ref line);
            if (!TryAddLine(message, bytes, line)) return -1;
        }
    }

    // LWS = [ *WSP CRLF ] 1*WSP: the line end before a line that starts with white space becomes white space itself.
    private static void Unfold(Span<byte> bytes, ref int at, ref SipRange line)
    {
        bytes[line.End..at].Fill((byte)' ');
        var start = line.Start;
        if (SipMessageParser.TryTakeLine(bytes, ref at, out var continuation))
        {
            line = new SipRange(start, continuation.End - start);
            return;
        }
        line = new SipRange(start, at - start);
        at = bytes.Length;
    }

    // message-header = header-name HCOLON header-value; HCOLON = *( SP / HTAB ) ":" SWS
    private static bool TryAddLine(SipMessage message, ReadOnlySpan<byte> bytes, SipRange line)
    {
        var text = bytes.Slice(line.Start, line.Length);
        var colon = text.IndexOf((byte)':');
        var name = colon < 0 ? default : SipText.TrimEnd(text[..colon]);
        var kind = SipHeaderNames.Parse(name);
        // A known name is a token. No header may be smuggled in a value: a bare CR or a NUL is an end for some.
        if ((kind == SipHeaderKind.Other && !SipChars.IsToken(name)) || HasBareControl(text))
        {
            SipMessageParser.Refuse(message, SipParseResult.BadHeader);
            return true;
        }
        var nameRange = new SipRange(line.Start, name.Length);
        var value = new SipRange(line.Start + colon + 1, text.Length - colon - 1);
        if (SipHeaderNames.IsAddressList(kind)) return TryAddList(message, bytes, kind, nameRange, value);
        if (SipHeaderNames.IsSingle(kind) && message.Count(kind) > 0)
            SipMessageParser.Refuse(message, SipParseResult.DuplicateSingle, kind);
        return TryAdd(message, bytes, kind, nameRange, value);
    }

    // quoted-pair = "\" ( %x00-09 / %x0B-0C / %x0E-7F ): there alone a control is text (RFC 4475 section 3.1.1.2).
    private static bool HasBareControl(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny(SipChars.Control) < 0) return false;
        for (var i = 0; i < text.Length; i++)
        {
            var length = text[i] == '"' ? SipText.QuotedLength(text[i..]) : -1;
            if (length < 0 && SipChars.Control.Contains(text[i])) return true;
            if (length > 0 && HasBareControlInQuotes(text.Slice(i, length))) return true;
            i += Math.Max(0, length - 1);
        }
        return false;
    }

    private static bool HasBareControlInQuotes(ReadOnlySpan<byte> quoted)
    {
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\' && quoted[i + 1] != '\r') i++;
            else if (SipChars.Control.Contains(quoted[i])) return true;
        }
        return false;
    }

    // header = "header-name" HCOLON header-value *(COMMA header-value)
    private static bool TryAddList(
        SipMessage message, ReadOnlySpan<byte> bytes, SipHeaderKind kind, SipRange name, SipRange list)
    {
        var start = (int)list.Start;
        while (start <= list.End)
        {
            var rest = bytes[start..list.End];
            var comma = SipText.IndexOutsideQuotes(rest, (byte)',');
            if (comma == -2) SipMessageParser.Refuse(message, SipParseResult.BadHeader, kind);
            var length = comma < 0 ? rest.Length : comma;
            var isEmpty = SipText.Trim(rest[..length]).IsEmpty;
            if (!isEmpty && !TryAdd(message, bytes, kind, name, new SipRange(start, length))) return false;
            start += length + 1;
        }
        return true;
    }

    private static bool TryAdd(
        SipMessage message, ReadOnlySpan<byte> bytes, SipHeaderKind kind, SipRange name, SipRange value)
    {
        var text = bytes.Slice(value.Start, value.Length);
        var lead = text.Length - SipText.TrimStart(text).Length;
        var trimmed = new SipRange(value.Start + lead, SipText.Trim(text).Length);
        if (message.Table.TryAdd(kind, name, trimmed)) return true;
        SipMessageParser.Refuse(message, SipParseResult.TooManyHeaders);
        return false;
    }
}
