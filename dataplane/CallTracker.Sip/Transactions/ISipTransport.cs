namespace CallTracker.Sip.Transactions;

/// <summary>
/// How a <see cref="TransactionLayer{TUser,TTransport}"/> sends; implemented at the edge, by a struct.
/// </summary>
public interface ISipTransport
{
    /// <summary>
    /// Hands one message over; false is a transport failure (no route, connection gone), not a lost packet.
    /// </summary>
    bool Send(in SipFlow flow, ReadOnlySpan<byte> message);
}
