namespace CallTracker.Calls.Routing;

/// <summary>Whether a trunk's media is encrypted (SRTP, keys in SDP by RFC 4568).</summary>
public enum SrtpPolicy : byte
{
    /// <summary>Never: an offer of RTP/SAVP is refused.</summary>
    Off = 0,
    /// <summary>Its own offers either way; ours are as the other side of the call asked.</summary>
    Optional = 1,
    /// <summary>Always: RTP/AVP is neither offered nor taken.</summary>
    Required = 2,
}
