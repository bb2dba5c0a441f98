using CallTracker.Core.Net;
using CallTracker.Media.Recording;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;

namespace CallTracker.Calls.Engine;

/// <summary>What a leg's peer last said of its media; applied to the relay once the exchange is complete.</summary>
/// <param name="Rtp">Where it wants RTP.</param>
/// <param name="Rtcp">Where it wants RTCP.</param>
/// <param name="RtcpMux">It offers or accepts RTCP on the RTP port.</param>
/// <param name="Direction">From the peer's view.</param>
/// <param name="ClockRateHz">Of the first format.</param>
/// <param name="Keys">What it sends SRTP with; none for plain RTP.</param>
internal readonly record struct PeerMedia(
    IpEndpoint Rtp, IpEndpoint Rtcp, bool RtcpMux, SdpDirection Direction, int ClockRateHz, SrtpMaster Keys)
{
    /// <summary>Payload types as it numbers them, for the recorder.</summary>
    public AudioFormats Formats { get; init; }

    /// <summary>
    /// No audio at all. The keys stay: with them the indexes of what was sealed go on when audio comes back, so that
    /// none is used twice (RFC 3711 section 9.1).
    /// </summary>
    public static PeerMedia Silent(in SrtpMaster keys) => new(default, default, false, SdpDirection.Inactive, 0, keys);

    public static PeerMedia Of(in SdpMedia audio, in SrtpMaster keys) =>
        new(audio.Rtp, audio.Rtcp, audio.RtcpMux, audio.Direction, audio.ClockRateHz, keys)
        {
            Formats = audio.RecordedFormats,
        };
}
