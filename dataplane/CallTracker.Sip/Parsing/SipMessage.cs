namespace CallTracker.Sip.Parsing;

/// <summary>
/// A view of one SIP message in a receive buffer, reused for message after message; a worker owns a few.
/// All spans point into the buffer and die with it. Folded header lines are unfolded in the buffer itself: the line
/// end becomes two spaces, which is the same linear white space (RFC 3261 section 7.3.1).
/// </summary>
public sealed class SipMessage
{
    /// <summary>The longest message: what one UDP datagram can hold.</summary>
    public const int LengthMax = 65_535;

    /// <summary>The most header values in one message, lists of addresses counted one by one.</summary>
    public const int HeaderCountMax = 128;
    internal readonly SipHeaderTable Table = new();
    internal SipStartLine StartLine;
    internal SipFields Fields;
    internal byte[] Buffer = [];
    internal int Offset;

    /// <summary>Length of the message in bytes, from the first byte given to <see cref="Parse"/>.</summary>
    public int Length { get; internal set; }

    public SipParseResult Result { get; internal set; }

    /// <summary>The header that <see cref="Result"/> speaks of, where it speaks of one.</summary>
    public SipHeaderKind Culprit { get; internal set; }

    /// <summary>
    /// True for a request (not ACK) whose Via, From, To, Call-ID and CSeq are there to be copied into a response, also
    /// when the request itself is refused.
    /// </summary>
    public bool CanAnswer { get; internal set; }

    public bool IsRequest => StartLine.StatusCode == 0;

    public SipMethod Method => StartLine.Method;

    public ReadOnlySpan<byte> MethodText => Slice(StartLine.MethodText);

    public ReadOnlySpan<byte> RequestUri => Slice(StartLine.Uri);

    /// <summary>100 to 699; 0 in a request.</summary>
    public int StatusCode => StartLine.StatusCode;

    public ReadOnlySpan<byte> ReasonPhrase => Slice(StartLine.Reason);

    public ReadOnlySpan<byte> CallId => Header(SipHeaderKind.CallId);

    public uint CSeqNumber => Fields.CSeqNumber;

    public SipMethod CSeqMethod => Fields.CSeqMethod;

    public ReadOnlySpan<byte> CSeqMethodText => Slice(Fields.CSeqMethodText);

    /// <summary>The whole From value.</summary>
    public ReadOnlySpan<byte> From => Header(SipHeaderKind.From);

    /// <summary>The whole To value.</summary>
    public ReadOnlySpan<byte> To => Header(SipHeaderKind.To);

    /// <summary>Empty when there is none.</summary>
    public ReadOnlySpan<byte> FromTag => Slice(Fields.FromTag);

    /// <summary>Empty when there is none.</summary>
    public ReadOnlySpan<byte> ToTag => Slice(Fields.ToTag);

    /// <summary>The first Via; default when the message has none that can be read.</summary>
    public SipViaView TopVia => Fields.Via.IsReadable ? SipViaView.Of(this) : default;

    /// <summary>0 to 255, or -1 when the header is absent.</summary>
    public int MaxForwards => Fields.MaxForwards;

    public ReadOnlySpan<byte> ContentType => Header(SipHeaderKind.ContentType);

    public ReadOnlySpan<byte> Body => Slice(Fields.Body);

    /// <summary>The message without what follows its body in the datagram.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(Offset, Length);

    /// <summary>Header values, lists of addresses counted one by one.</summary>
    public int HeaderCount => Table.Count;

    /// <summary>All header values in their order.</summary>
    public SipHeaderEnumerator Headers => new(this);

    /// <summary>
    /// What the owner of the bytes knows them by, so that the same are not read twice; <see cref="Parse"/> clears it.
    /// </summary>
    public long Mark { get; set; }

    /// <summary>Reads a message; the buffer stays the caller's and must live while the view is used.</summary>
    public SipParseResult Parse(byte[] buffer, int offset, int length)
    {
        Buffer = buffer;
        Offset = offset;
        Mark = 0;
        SipMessageParser.Parse(this, Math.Min(length, LengthMax + 1));
        return Result;
    }

    public int Count(SipHeaderKind kind) => Table.CountOf(kind);

    /// <summary>
    /// The trimmed value; empty when there are fewer. Ask <see cref="Count"/> to tell empty from absent.
    /// </summary>
    public ReadOnlySpan<byte> Header(SipHeaderKind kind, int index = 0)
    {
        var at = Table.Find(kind, index);
        return at < 0 ? default : Slice(Table[at].Value);
    }

    public SipHeaderView HeaderAt(int position)
    {
        ref readonly var entry = ref Table[position];
        return new SipHeaderView(entry.Kind, Slice(entry.Name), Slice(entry.Value));
    }

    /// <summary>The first value of a header by name, known or unknown, compared without case.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var kind = SipHeaderNames.Parse(name);
        value = default;
        if (kind != SipHeaderKind.Other)
        {
            value = Header(kind);
            return Count(kind) > 0;
        }
        for (var i = 0; ; i++)
        {
            var at = Table.Find(SipHeaderKind.Other, i);
            if (at < 0) return false;
            if (!SipText.EqualsIgnoreCase(Slice(Table[at].Name), name)) continue;
            value = Slice(Table[at].Value);
            return true;
        }
    }

    /// <summary>
    /// True when one of the comma-separated headers of a kind holds the token (Require, Supported, Allow).
    /// </summary>
    public bool HasToken(SipHeaderKind kind, ReadOnlySpan<byte> token)
    {
        for (var i = 0; i < Count(kind); i++)
        {
            if (SipText.ListContains(Header(kind, i), token)) return true;
        }
        return false;
    }

    internal ReadOnlySpan<byte> Slice(SipRange range) => Buffer.AsSpan(Offset + range.Start, range.Length);
}
