using CallTracker.Core.Net;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Parsing;

/// <summary>
/// A new INVITE read just as far as a refusal needs: one walk over its lines, no table, no unfolding. Whatever is not
/// plain (folds, a line twice, a tag in To, an old branch) is not read here and takes the long way. A view: it dies
/// with the datagram.
/// </summary>
public readonly ref struct InviteGlance
{
    /// <summary>Refusals are padded to a multiple of this, so that those to one peer have one length.</summary>
    public const int RefusalLengthStep = 64;
    private const int LinesMax = 160;
    private readonly ReadOnlySpan<byte> _headers;

    private InviteGlance(ReadOnlySpan<byte> headers, scoped in Lines lines, scoped in SipViaView via)
    {
        _headers = headers;
        TopVia = via;
        CallId = lines.CallId;
        From = lines.From;
        To = lines.To;
        CSeq = lines.CSeq;
        HasOneVia = lines.ViaCount == 1;
    }

    public SipViaView TopVia { get; }

    public ReadOnlySpan<byte> CallId { get; }

    private bool HasOneVia { get; }

    private ReadOnlySpan<byte> From { get; }

    private ReadOnlySpan<byte> To { get; }

    private ReadOnlySpan<byte> CSeq { get; }

    /// <summary>True for bytes that begin as an INVITE does; it may be a re-INVITE.</summary>
    public static bool IsInvite(ReadOnlySpan<byte> datagram) => datagram.StartsWith("INVITE "u8);

    /// <summary>False when it is no plain INVITE outside a dialog.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out InviteGlance glance)
    {
        glance = default;
        if (!IsInvite(datagram)) return false;
        var start = datagram.IndexOf((byte)'\n') + 1;
        var headers = datagram[start..];
        var lines = default(Lines);
        if (start == 0 || !lines.TryRead(headers)) return false;
        var isPlain = SipViaView.TryParse(lines.TopVia, out var via) && via.HasUniqueBranch && via.IsWellFormed
            && lines.TopVia.IndexOf((byte)',') < 0 && NameAddrView.TryParse(lines.To, out var to) && to.Tag.IsEmpty;
        if (!isPlain || lines.CallId.IsEmpty || lines.From.IsEmpty || lines.To.IsEmpty) return false;
        glance = new InviteGlance(headers, lines, via);
        return lines.CSeq.EndsWith("INVITE"u8);
    }

    /// <summary>Where the answer goes (RFC 3261 section 18.2.2, RFC 3581).</summary>
    public SipFlow AnswerTo(in SipFlow flow) => flow.IsReliable ? flow : ResponseFlow.Of(TopVia, flow);

    private static ReadOnlySpan<byte> RefusalEnd => ")\r\nContent-Length: 0\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Blanks => "                                                               "u8;

    /// <summary>
    /// A whole 503 with Retry-After (RFC 3261 section 21.5.4), whose comment ends in blanks: messages of one length to
    /// one peer can be sent together.
    /// </summary>
    public void WriteRefusal(
        ref SipWriter writer, scoped ReadOnlySpan<byte> tag, int retryAfterSec, in IpEndpoint source)
    {
        writer.StatusLine(503, default);
        SipResponses.WriteTopVia(ref writer, TopVia, source);
        if (!HasOneVia) CopyOtherVias(ref writer);
        writer.Header(SipHeaderKind.From, From);
        writer.HeaderWithTag(SipHeaderKind.To, To, tag);
        writer.Header(SipHeaderKind.CallId, CallId);
        writer.Header(SipHeaderKind.CSeq, CSeq);
        writer.BeginHeader(SipHeaderKind.RetryAfter);
        writer.Number(retryAfterSec);
        writer.Raw(" (overload"u8);
        var length = writer.Length + RefusalEnd.Length;
        writer.Raw(Blanks[..(-length & (RefusalLengthStep - 1))]);
        writer.Raw(RefusalEnd);
    }

    private void CopyOtherVias(ref SipWriter writer)
    {
        var rest = _headers;
        var isTop = true;
        while (TryTake(ref rest, out var line) && !line.IsEmpty)
        {
            if (KindOf(line, out var value) != SipHeaderKind.Via) continue;
            if (!isTop) writer.Header(SipHeaderKind.Via, value);
            isTop = false;
        }
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, scoped out ReadOnlySpan<byte> line)
    {
        var end = rest.IndexOf((byte)'\n');
        line = end < 0 ? default : rest[..end];
        if (end < 0) return false;
        if (!line.IsEmpty && line[^1] == '\r') line = line[..^1];
        rest = rest[(end + 1)..];
        return true;
    }

    // Only lines that begin like a header we want are looked up: v, f, t, i, c and their full names.
    private static SipHeaderKind KindOf(ReadOnlySpan<byte> line, scoped out ReadOnlySpan<byte> value)
    {
        value = default;
        if ((line[0] | 0x20) is not ('v' or 'f' or 't' or 'i' or 'c')) return SipHeaderKind.Other;
        var colon = line.IndexOf((byte)':');
        if (colon < 1) return SipHeaderKind.Other;
        value = SipText.Trim(line[(colon + 1)..]);
        return SipHeaderNames.Parse(SipText.TrimEnd(line[..colon]));
    }

    /// <summary>The values found on the walk. Lives in one call.</summary>
    private ref struct Lines
    {
        public ReadOnlySpan<byte> TopVia;
        public ReadOnlySpan<byte> From;
        public ReadOnlySpan<byte> To;
        public ReadOnlySpan<byte> CallId;
        public ReadOnlySpan<byte> CSeq;
        public int ViaCount;

        public bool TryRead(ReadOnlySpan<byte> headers)
        {
            for (var count = 0; count < LinesMax; count++)
            {
                if (!TryTake(ref headers, out var line)) return false;
                if (line.IsEmpty) return !TopVia.IsEmpty;
                if (SipChars.IsWhite(line[0]) || line.IndexOfAny((byte)'\r', (byte)0) >= 0) return false;
                if (!TryKeep(KindOf(line, out var value), value)) return false;
            }
            return false;
        }

        private bool TryKeep(SipHeaderKind kind, ReadOnlySpan<byte> value)
        {
            switch (kind)
            {
                case SipHeaderKind.Via:
                    if (TopVia.IsEmpty) TopVia = value;
                    ViaCount++;
                    return true;
                case SipHeaderKind.From:
                    return TryKeep(ref From, value);
                case SipHeaderKind.To:
                    return TryKeep(ref To, value);
                case SipHeaderKind.CallId:
                    return TryKeep(ref CallId, value);
                case SipHeaderKind.CSeq:
                    return TryKeep(ref CSeq, value);
                default:
                    return true;
            }
        }

        private static bool TryKeep(scoped ref ReadOnlySpan<byte> kept, ReadOnlySpan<byte> value)
        {
            if (!kept.IsEmpty || value.IsEmpty) return false;
            kept = value;
            return true;
        }
    }
}
