namespace CallTracker.Calls.Routing;

/// <summary>Whether a trunk's media is encrypted, by keys in SDP (RFC 4568) or a handshake (RFC 5763).</summary>
public enum SrtpPolicy : byte
{
    /// <summary>Never: a secure offer is refused.</summary>
    Off = 0,
    /// <summary>Its own offers either way; ours are as the other side of the call asked.</summary>
    Optional = 1,
    /// <summary>Always: RTP/AVP is neither offered nor taken.</summary>
    Required = 2,
    /// <summary>DTLS-SRTP is offered, and nothing else taken.</summary>
    Dtls = 3,
}
