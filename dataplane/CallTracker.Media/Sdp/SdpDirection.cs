namespace CallTracker.Media.Sdp;

/// <summary>Which way a stream flows, from the view of the party that wrote the SDP (RFC 3264 section 5.1).</summary>
public enum SdpDirection
{
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}
