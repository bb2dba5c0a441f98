namespace CallTracker.Media.Rtp;

/// <summary>Tells RTP, RTCP, STUN and DTLS apart by their first two bytes. Stateless.</summary>
public static class MediaDemux
{
    // RFC 7983 section 7: [0..3] STUN, [20..63] DTLS, [128..191] RTP or RTCP.
    // RFC 5761 section 4: second byte 192..223 is RTCP, as payload types 64..95 are not used beside it.
    public static MediaPacketKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty) return MediaPacketKind.Empty;
        switch (datagram[0])
        {
            case >= 128 and <= 191:
                return IsRtcpType(datagram) ? MediaPacketKind.Rtcp : MediaPacketKind.Rtp;
            case <= 3:
                return MediaPacketKind.Stun;
            case >= 20 and <= 63:
                return MediaPacketKind.Dtls;
            default:
                return MediaPacketKind.Other;
        }
    }

    /// <summary>True for a datagram whose first packet is whole RTCP (RFC 3550 section 6.4, also SRTCP).</summary>
    public static bool IsWholeRtcp(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < 8 || datagram[0] >> 6 != 2 || !IsRtcpType(datagram)) return false;
        var words = (datagram[2] << 8) | datagram[3];
        return ((words + 1) * 4) <= datagram.Length;
    }

    private static bool IsRtcpType(ReadOnlySpan<byte> datagram) =>
        datagram.Length > 1 && datagram[1] is >= 192 and <= 223;
}
