using CallTracker.Core.Net;
using CallTracker.Media.Dtls;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Playback;
using CallTracker.Media.Quality;
using CallTracker.Media.Recording;
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
/// <param name="Play">How it can be played to.</param>
/// <param name="Audio">What it sends and takes.</param>
/// <param name="Codec">What the codec of the first format costs in the rating.</param>
/// <param name="IsRtcpOff">It wants no RTCP.</param>
internal readonly record struct PeerMedia(
    IpEndpoint Rtp, IpEndpoint Rtcp, bool RtcpMux, SdpDirection Direction, int ClockRateHz, SrtpMaster Keys,
    PlayFormat Play, AudioTerms Audio, CodecImpairment Codec = default, bool IsRtcpOff = false)
{
    /// <summary>Its telephone-event formats; not looked for where its trunk has no way of digits.</summary>
    public TelephoneEventSet Events { get; init; }

    /// <summary>What its offer lacks of these, for a peer that wants them.</summary>
    public TelephoneEventSet MissingEvents { get; init; }

    /// <summary>Payload type of the first format.</summary>
    public byte AudioType { get; init; }

    /// <summary>Payload types as it numbers them, for the recorder.</summary>
    public RecordedTypes Formats { get; init; }

    /// <summary>Its handshake and ICE; none on a leg without DTLS.</summary>
    public DtlsRemote Dtls { get; init; }

    /// <summary>
    /// No audio at all. The keys stay: with them the indexes of what was sealed go on when audio comes back, so that
    /// none is used twice (RFC 3711 section 9.1).
    /// </summary>
    public static PeerMedia Silent(in PeerMedia before) =>
        new(default, default, false, SdpDirection.Inactive, 0, before.Keys, default, default) { Dtls = before.Dtls };

    /// <param name="sdp">Its SDP, parsed as Ok.</param>
    /// <param name="keys">What it sends SRTP with.</param>
    public static PeerMedia Of(SdpView sdp, in SrtpMaster keys)
    {
        ref readonly var audio = ref sdp.Audio;
        return new(
            audio.Rtp, audio.Rtcp, audio.RtcpMux, audio.Direction, audio.ClockRateHz, keys, PlayFormat.Choose(sdp),
            AudioTerms.Of(sdp), audio.Impairment, audio.IsRtcpOff)
        {
            Formats = audio.RecordedFormats,
            Dtls = sdp.ReadDtls(),
        };
    }

    /// <summary>It is held or holds: it wants to hear nothing (RFC 3264 section 8.4).</summary>
    public bool IsDeaf => Direction is SdpDirection.SendOnly or SdpDirection.Inactive;
}
