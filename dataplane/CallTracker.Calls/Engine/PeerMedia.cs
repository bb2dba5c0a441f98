using CallTracker.Core.Net;
using CallTracker.Media.Sdp;

namespace CallTracker.Calls.Engine;

/// <summary>What a leg's peer last said of its media; applied to the relay once the exchange is complete.</summary>
/// <param name="Rtp">Where it wants RTP.</param>
/// <param name="Rtcp">Where it wants RTCP.</param>
/// <param name="RtcpMux">It offers or accepts RTCP on the RTP port.</param>
/// <param name="Direction">From the peer's view.</param>
/// <param name="ClockRateHz">Of the first format.</param>
internal readonly record struct PeerMedia(
    IpEndpoint Rtp, IpEndpoint Rtcp, bool RtcpMux, SdpDirection Direction, int ClockRateHz)
{
    /// <summary>No audio at all.</summary>
    public static PeerMedia None => new(default, default, false, SdpDirection.Inactive, 0);

    public static PeerMedia Of(in SdpMedia audio) =>
        new(audio.Rtp, audio.Rtcp, audio.RtcpMux, audio.Direction, audio.ClockRateHz);
}
