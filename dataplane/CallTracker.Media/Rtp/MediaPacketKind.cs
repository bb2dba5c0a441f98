namespace CallTracker.Media.Rtp;

/// <summary>What a datagram on a media port looks like by its first bytes (RFC 7983, RFC 5761).</summary>
public enum MediaPacketKind
{
    Empty,
    Rtp,
    Rtcp,
    Stun,
    Dtls,
    Other,
}
