using CallTracker.Core.Net;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Transcoding;

namespace CallTracker.Calls.Engine;

/// <summary>What a leg's peer last said of its media; applied to the relay once the exchange is complete.</summary>
/// <param name="Rtp">Where it wants RTP.</param>
/// <param name="Rtcp">Where it wants RTCP.</param>
/// <param name="RtcpMux">It offers or accepts RTCP on the RTP port.</param>
/// <param name="Direction">From the peer's view.</param>
/// <param name="ClockRateHz">Of the first format.</param>
/// <param name="Keys">What it sends SRTP with; none for plain RTP.</param>
/// <param name="Audio">What it sends and takes.</param>
internal readonly record struct PeerMedia(
    IpEndpoint Rtp, IpEndpoint Rtcp, bool RtcpMux, SdpDirection Direction, int ClockRateHz, SrtpMaster Keys,
    AudioTerms Audio)
{
    /// <summary>
    /// No audio at all. The keys stay: with them the indexes of what was sealed go on when audio comes back, so that
    /// none is used twice (RFC 3711 section 9.1).
    /// </summary>
    public static PeerMedia Silent(in SrtpMaster keys) =>
        new(default, default, false, SdpDirection.Inactive, 0, keys, default);

    public static PeerMedia Of(SdpView sdp, in SrtpMaster keys)
    {
        ref readonly var audio = ref sdp.Audio;
        return new(
            audio.Rtp, audio.Rtcp, audio.RtcpMux, audio.Direction, audio.ClockRateHz, keys, AudioTerms.Of(sdp));
    }
}
