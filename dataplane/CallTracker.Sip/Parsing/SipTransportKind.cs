namespace CallTracker.Sip.Parsing;

/// <summary>
/// How a message travels. UDP is the only unreliable kind: retransmission is the transactions' business.
/// </summary>
public enum SipTransportKind : byte
{
    Udp = 0,
    Tcp,
    Tls,

    /// <summary>Named in a Via, not carried by this product.</summary>
    Other,
}
