namespace CallTracker.Sip.Parsing;

/// <summary>
/// Checks the headers that every message needs and reads their values (RFC 3261 section 8.1.1). Stateless.
/// </summary>
internal static class SipFieldParser
{
    // CSeq numbers are less than 2**31 (RFC 3261 section 8.1.1.5).
    private const uint CSeqMax = int.MaxValue;

    public static void Parse(SipMessage message, int bodyStart)
    {
        RequireMandatory(message);
        var isViaReadable = ReadVia(message);
        ReadFrom(message);
        ReadTo(message);
        ReadCallId(message);
        ReadCSeq(message);
        ReadMaxForwards(message);
        if (bodyStart >= 0) ReadBody(message, bodyStart);
        message.CanAnswer = message.StartLine.IsRequestLike && message.Method != SipMethod.Ack && isViaReadable
            && !message.From.IsEmpty && !message.To.IsEmpty && !message.CallId.IsEmpty
            && message.Count(SipHeaderKind.CSeq) > 0;
    }

    private static void RequireMandatory(SipMessage message)
    {
        Require(message, SipHeaderKind.Via);
        Require(message, SipHeaderKind.From);
        Require(message, SipHeaderKind.To);
        Require(message, SipHeaderKind.CallId);
        Require(message, SipHeaderKind.CSeq);
    }

    private static void Require(SipMessage message, SipHeaderKind kind)
    {
        if (message.Count(kind) == 0) SipMessageParser.Refuse(message, SipParseResult.MissingMandatory, kind);
    }

    private static bool ReadVia(SipMessage message)
    {
        if (message.Count(SipHeaderKind.Via) == 0) return false;
        var isReadable = SipViaView.TryParse(message.Header(SipHeaderKind.Via), out var via);
        if (!isReadable || !via.IsWellFormed)
            SipMessageParser.Refuse(message, SipParseResult.BadVia, SipHeaderKind.Via);
        if (isReadable) message.Fields.Via = PartsOf(message, via);
        return isReadable;
    }

    private static SipViaParts PartsOf(SipMessage message, scoped in SipViaView via) => new()
    {
        Version = RangeOf(message, via.Version),
        Host = RangeOf(message, via.SentByHost),
        Parameters = RangeOf(message, via.Parameters.Text),
        Branch = RangeOf(message, via.Branch),
        Transport = via.Transport,
        Port = via.SentByPort,
        IsIpv6Reference = via.IsIpv6Reference,
        IsWellFormed = via.IsWellFormed,
        IsReadable = true,
    };

    private static void ReadFrom(SipMessage message)
    {
        if (message.Count(SipHeaderKind.From) == 0) return;
        ref var fields = ref message.Fields;
        fields.IsFromReadable = NameAddrView.TryParse(message.From, out var from) && SipChars.IsIdentifier(from.Tag);
        if (fields.IsFromReadable) fields.FromTag = RangeOf(message, from.Tag);
        else SipMessageParser.Refuse(message, SipParseResult.BadFrom, SipHeaderKind.From);
    }

    private static void ReadTo(SipMessage message)
    {
        if (message.Count(SipHeaderKind.To) == 0) return;
        ref var fields = ref message.Fields;
        fields.IsToReadable = NameAddrView.TryParse(message.To, out var to) && SipChars.IsIdentifier(to.Tag);
        if (fields.IsToReadable) fields.ToTag = RangeOf(message, to.Tag);
        else SipMessageParser.Refuse(message, SipParseResult.BadTo, SipHeaderKind.To);
    }

    // callid = word [ "@" word ]
    private static void ReadCallId(SipMessage message)
    {
        if (message.Count(SipHeaderKind.CallId) == 0) return;
        var isWord = !message.CallId.IsEmpty && message.CallId.IndexOfAnyExcept(SipChars.CallId) < 0;
        if (!isWord) SipMessageParser.Refuse(message, SipParseResult.BadHeader, SipHeaderKind.CallId);
    }

    // CSeq = "CSeq" HCOLON 1*DIGIT LWS Method
    private static void ReadCSeq(SipMessage message)
    {
        if (message.Count(SipHeaderKind.CSeq) == 0) return;
        var value = message.Header(SipHeaderKind.CSeq);
        var digits = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var method = digits < 1 ? default : SipText.Trim(value[digits..]);
        var isReadable = digits > 0 && SipChars.IsWhite(value[digits]) && SipChars.IsToken(method)
            && SipText.TryReadNumber(value[..digits], CSeqMax, out message.Fields.CSeqNumber);
        if (isReadable)
        {
            message.Fields.CSeqMethodText = RangeOf(message, method);
            message.Fields.CSeqMethod = SipMethods.Parse(method);
            isReadable = !message.IsRequest || method.SequenceEqual(message.MethodText);
        }
        if (!isReadable) SipMessageParser.Refuse(message, SipParseResult.BadCSeq, SipHeaderKind.CSeq);
    }

    // Max-Forwards = "Max-Forwards" HCOLON 1*DIGIT, 0 to 255 (RFC 3261 section 20.22)
    private static void ReadMaxForwards(SipMessage message)
    {
        if (message.Count(SipHeaderKind.MaxForwards) == 0) return;
        if (SipText.TryReadNumber(message.Header(SipHeaderKind.MaxForwards), 255, out var hops))
            message.Fields.MaxForwards = (int)hops;
        else
            SipMessageParser.Refuse(message, SipParseResult.BadMaxForwards, SipHeaderKind.MaxForwards);
    }

    // Without Content-Length the body reaches to the end of the datagram; with it, what follows is dropped
    // (RFC 3261 section 18.3).
    private static void ReadBody(SipMessage message, int bodyStart)
    {
        var available = message.Length - bodyStart;
        var length = (uint)available;
        if (message.Count(SipHeaderKind.ContentLength) > 0)
        {
            var value = message.Header(SipHeaderKind.ContentLength);
            if (!SipText.TryReadNumber(value, int.MaxValue, out length))
                SipMessageParser.Refuse(message, SipParseResult.BadContentLength, SipHeaderKind.ContentLength);
            else if (length > available)
                SipMessageParser.Refuse(message, SipParseResult.BodyTruncated, SipHeaderKind.ContentLength);
        }
        if (message.Result != SipParseResult.Ok) return;
        message.Fields.Body = new SipRange(bodyStart, (int)length);
        message.Length = bodyStart + (int)length;
    }

    // Views are cut out of the message, so the distance of their first bytes is the offset.
    private static SipRange RangeOf(SipMessage message, scoped ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return default;
        message.Buffer.AsSpan(message.Offset, message.Length).Overlaps(part, out var start);
        return new SipRange(start, part.Length);
    }
}
