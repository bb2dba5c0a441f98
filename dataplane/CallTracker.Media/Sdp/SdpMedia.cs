using CallTracker.Core.Net;
using CallTracker.Media.Quality;
using CallTracker.Media.Recording;

namespace CallTracker.Media.Sdp;

/// <summary>
/// One media stream of an <see cref="SdpView"/>, with what the session level gives it applied. Valid until the view
/// parses the next SDP.
/// </summary>
public struct SdpMedia
{
    internal SdpSlice TypeText;
    internal SdpSlice ProtocolText;
    internal SdpSlice FormatsText;
    /// <summary>From the m= line to the end of the stream's last line.</summary>
    internal SdpSlice Block;
    internal SdpConnection Connection;
    internal SdpConnection RtcpConnection;
    internal bool HasDirection;

    /// <summary>The port of the m= line; 0 for a rejected stream.</summary>
    public ushort Port { get; internal set; }

    public bool IsAudio { get; internal set; }

    /// <summary>The protocol is one of the RTP profiles.</summary>
    public bool IsRtp { get; internal set; }

    /// <summary>SRTP whose keys stand in the SDP (RFC 4568).</summary>
    public bool IsSecure { get; internal set; }

    /// <summary>SRTP whose keys come from a DTLS handshake (RFC 5764).</summary>
    public bool IsDtls { get; internal set; }

    /// <summary>Connection address and port; the address is unspecified for a hold by <c>c=0.0.0.0</c>.</summary>
    public readonly IpEndpoint Rtp => Connection.Address.WithPort(Port);

    /// <summary>The port of a=rtcp; 0 when there is none.</summary>
    internal ushort RtcpPort { get; set; }

    /// <summary>Where RTCP goes when it is not muxed: a=rtcp, else the next port.</summary>
    public readonly IpEndpoint Rtcp
    {
        get
        {
            if (RtcpPort == 0) return Connection.Address.WithPort((ushort)(Port + 1));
            var address = RtcpConnection.State == SdpConnectionState.Good ? RtcpConnection : Connection;
            return address.Address.WithPort(RtcpPort);
        }
    }

    public bool RtcpMux { get; internal set; }

    /// <summary>The direction in effect: a hold by address counts as one that does not receive.</summary>
    public SdpDirection Direction { get; internal set; }

    /// <summary>
    /// Held the old way, by an unspecified connection address (RFC 3264 section 8.4). A browser means that its address
    /// will be found by ICE (RFC 8839 section 4.2.1.1).
    /// </summary>
    public readonly bool IsHeldByAddress =>
        !IsDtls && Connection is { State: SdpConnectionState.Good, Address.IsUnspecified: true };

    /// <summary>a=ptime; 0 when there is none.</summary>
    public int PtimeMs { get; internal set; }

    /// <summary>The first format of the m= line; -1 when it is no payload type.</summary>
    public int FirstPayloadType { get; internal set; }

    /// <summary>Payload types that can be recorded, and those that are no audio.</summary>
    public RecordedTypes RecordedFormats;

    /// <summary>The RTP clock of <see cref="FirstPayloadType"/>; 0 when unknown.</summary>
    public int ClockRateHz { get; internal set; }

    /// <summary>What its codec costs; default when the type is unknown.</summary>
    public CodecImpairment Impairment { get; internal set; }

    /// <summary>b=RS:0 and b=RR:0 at the stream: no RTCP is wanted (RFC 3556 section 2).</summary>
    public readonly bool IsRtcpOff => HasNoSenderReports && HasNoReceiverReports;

    internal bool HasNoSenderReports { get; set; }

    internal bool HasNoReceiverReports { get; set; }
}
