using CallTracker.Sip.Parsing;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Transactions;

/// <summary>The two requests that a client transaction makes itself out of its INVITE. Stateless.</summary>
internal static class OwnRequests
{
    /// <summary>
    /// The ACK to a response from 300 to 699 (RFC 3261 section 17.1.1.3): Request-URI, top Via, From, Call-ID, CSeq
    /// number and Route of the INVITE, To of the response.
    /// </summary>
    public static void WriteAck(ref SipWriter writer, SipMessage invite, SipMessage response) =>
        Write(ref writer, invite, SipMethod.Ack, response.To, default);

    /// <summary>The CANCEL (RFC 3261 section 9.1): all of the INVITE, To included.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="invite">The request to cancel.</param>
    /// <param name="reason">Value of Reason (RFC 3326), or empty.</param>
    public static void WriteCancel(ref SipWriter writer, SipMessage invite, ReadOnlySpan<byte> reason) =>
        Write(ref writer, invite, SipMethod.Cancel, invite.To, reason);

    private static void Write(
        ref SipWriter writer, SipMessage invite, SipMethod method, ReadOnlySpan<byte> to, ReadOnlySpan<byte> reason)
    {
        writer.RequestLine(method, invite.RequestUri);
        writer.Header(SipHeaderKind.Via, invite.Header(SipHeaderKind.Via));
        writer.CopyHeaders(invite, SipHeaderKind.Route);
        writer.Header(SipHeaderKind.MaxForwards, 70);
        writer.Header(SipHeaderKind.From, invite.From);
        writer.Header(SipHeaderKind.To, to);
        writer.Header(SipHeaderKind.CallId, invite.CallId);
        writer.CSeq(invite.CSeqNumber, SipMethods.NameOf(method));
        if (!reason.IsEmpty) writer.Header(SipHeaderKind.Reason, reason);
        writer.NoBody();
    }
}
