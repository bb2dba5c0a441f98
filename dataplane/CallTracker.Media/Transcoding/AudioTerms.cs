using CallTracker.Media.Codecs;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Transcoding;

/// <summary>What a peer's SDP says of the audio it sends and takes.</summary>
/// <param name="Formats">Payload types.</param>
/// <param name="PtimeMs">Milliseconds that it wants in a packet; 0 when it does not say.</param>
public readonly record struct AudioTerms(AudioFormats Formats, int PtimeMs)
{
    /// <summary>Of the relayed audio stream.</summary>
    public static AudioTerms Of(SdpView sdp) => new(AudioFormats.Of(sdp), sdp.Audio.PtimeMs);

    /// <summary>
    /// True when a peer with these terms answered an offer with what the offerer does not have: somebody must convert.
    /// </summary>
    public bool NeedsConversionFor(in AudioTerms offerer)
    {
        for (var codec = AudioCodec.Pcmu; codec <= AudioCodec.L16Wide; codec++)
        {
            if (Formats.Has(codec) && !offerer.Formats.Has(codec)) return true;
        }
        return false;
    }

    /// <summary>
    /// What a peer with these terms is sent in place of a codec that it does not have: one that both sides have, else
    /// its own first; None when there is none.
    /// </summary>
    public AudioCodec TargetBeside(in AudioTerms other)
    {
        var shared = Formats.FirstShared(other.Formats);
        return shared != AudioCodec.None ? shared : Formats.First;
    }
}
