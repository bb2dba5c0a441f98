using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Dialogs;

/// <summary>
/// The value of RAck (RFC 3262 section 7.2): which reliable provisional response a PRACK acknowledges. Plain value.
/// </summary>
/// <param name="RSeq">Number of the response.</param>
/// <param name="CSeq">Number of the request that it answers.</param>
/// <param name="IsInvite">That request is an INVITE.</param>
public readonly record struct RAckValue(uint RSeq, uint CSeq, bool IsInvite)
{
    // RAck = "RAck" HCOLON response-num LWS CSeq-num LWS Method
    public static bool TryParse(ReadOnlySpan<byte> value, out RAckValue rack)
    {
        rack = default;
        if (!TryTakeNumber(ref value, out var rseq) || !TryTakeNumber(ref value, out var cseq)) return false;
        if (value.IsEmpty || !SipChars.IsToken(value)) return false;
        // Methods are case-sensitive (RFC 3261 section 7.1).
        rack = new RAckValue(rseq, cseq, value.SequenceEqual("INVITE"u8));
        return true;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> value, out uint number)
    {
        number = 0;
        var end = value.IndexOfAny((byte)' ', (byte)'\t');
        if (end < 0 || !SipText.TryReadNumber(value[..end], uint.MaxValue, out number)) return false;
        value = SipText.Trim(value[end..]);
        return true;
    }
}
