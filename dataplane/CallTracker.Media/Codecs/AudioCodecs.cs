using System.Text;

namespace CallTracker.Media.Codecs;

/// <summary>What is fixed about each <see cref="AudioCodec"/>: names, clocks, rates. Stateless.</summary>
public static class AudioCodecs
{
    /// <summary>How many values <see cref="AudioCodec"/> has.</summary>
    public const int Count = (int)AudioCodec.Event48 + 1;

    /// <summary>The longest packet that is decoded.</summary>
    public const int PacketMsMax = 120;

    /// <summary>The highest rate at which the product works with audio inside.</summary>
    public const int SampleRateHzMax = 48_000;

    /// <summary>The codec of an encoding name, clock and channel count in SDP; None for others.</summary>
    /// <param name="name">As in a=rtpmap, in any case.</param>
    /// <param name="clockRateHz">As in a=rtpmap.</param>
    /// <param name="channels">As in a=rtpmap; 1 when it names none.</param>
    public static AudioCodec Find(ReadOnlySpan<byte> name, int clockRateHz, int channels)
    {
        for (var codec = AudioCodec.Pcmu; codec <= AudioCodec.Event48; codec++)
        {
            var isIt = clockRateHz == ClockRateHz(codec)
                && channels == Channels(codec)
                && Ascii.EqualsIgnoreCase(name, Name(codec));
            if (isIt) return codec;
        }
        return AudioCodec.None;
    }

    /// <summary>The encoding name as it is written.</summary>
    public static ReadOnlySpan<byte> Name(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => "PCMU"u8,
        AudioCodec.Pcma => "PCMA"u8,
        AudioCodec.G722 => "G722"u8,
        AudioCodec.Opus => "opus"u8,
        AudioCodec.L16Narrow or AudioCodec.L16Wide => "L16"u8,
        AudioCodec.ComfortNoise => "CN"u8,
        AudioCodec.Event8 or AudioCodec.Event16 or AudioCodec.Event48 => "telephone-event"u8,
        _ => default,
    };

    /// <summary>The RTP clock.</summary>
    public static int ClockRateHz(AudioCodec codec) => codec switch
    {
        AudioCodec.None => 0,
        AudioCodec.L16Wide or AudioCodec.Event16 => 16_000,
        AudioCodec.Opus or AudioCodec.Event48 => 48_000,
        _ => 8000,
    };

    /// <summary>The rate of its audio; 0 for what is no audio, and for Opus, which takes any.</summary>
    public static int SampleRateHz(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu or AudioCodec.Pcma or AudioCodec.L16Narrow => 8000,
        AudioCodec.G722 or AudioCodec.L16Wide => 16_000,
        _ => 0,
    };

    /// <summary>As a=rtpmap says it: Opus has two, whatever is sent (RFC 7587 section 7).</summary>
    public static int Channels(AudioCodec codec) => codec == AudioCodec.Opus ? 2 : 1;

    /// <summary>True for what audio can be converted from and to; for Opus when its library is there.</summary>
    public static bool IsConvertible(AudioCodec codec) =>
        codec is >= AudioCodec.Pcmu and <= AudioCodec.L16Wide
        && (codec != AudioCodec.Opus || OpusLibrary.IsPresent);

    public static bool IsEvent(AudioCodec codec) => codec is >= AudioCodec.Event8 and <= AudioCodec.Event48;

    /// <summary>telephone-event of a codec's clock, which its digits are to have (RFC 4733 section 2.1).</summary>
    public static AudioCodec EventOf(AudioCodec codec) => ClockRateHz(codec) switch
    {
        16_000 => AudioCodec.Event16,
        48_000 => AudioCodec.Event48,
        _ => AudioCodec.Event8,
    };

    /// <summary>The payload type of RFC 3551 table 4; -1 for those that have none.</summary>
    public static int StaticType(AudioCodec codec) => codec switch
    {
        AudioCodec.Pcmu => 0,
        AudioCodec.Pcma => 8,
        AudioCodec.G722 => 9,
        AudioCodec.ComfortNoise => 13,
        _ => -1,
    };
}
