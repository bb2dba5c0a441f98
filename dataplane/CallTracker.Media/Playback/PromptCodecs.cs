using System.Text;
using CallTracker.Media.Codecs;

namespace CallTracker.Media.Playback;

/// <summary>The codecs that prompts are kept in. Made at start; each prompt is coded in all of them once.</summary>
public static class PromptCodecs
{
    /// <summary>G.711 μ-law.</summary>
    public static readonly PromptCodec Pcmu =
        Make(0, "PCMU"u8, 8000, 8000, samples => G711Frames(samples, G711.ToMuLaw));

    /// <summary>G.711 A-law.</summary>
    public static readonly PromptCodec Pcma =
        Make(1, "PCMA"u8, 8000, 8000, samples => G711Frames(samples, G711.ToALaw));

    private static readonly PromptCodec[] Table = [Pcmu, Pcma];

    /// <summary>All of them, by index.</summary>
    public static ReadOnlySpan<PromptCodec> All => Table;

    /// <summary>The codec of an SDP format; null when prompts are not kept in it.</summary>
    /// <param name="name">The encoding name, in either case.</param>
    /// <param name="clockRateHz">The RTP clock.</param>
    public static PromptCodec? Find(ReadOnlySpan<byte> name, int clockRateHz)
    {
        foreach (var codec in Table)
        {
            if (codec.ClockRateHz == clockRateHz && Ascii.EqualsIgnoreCase(codec.Name, name)) return codec;
        }
        return null;
    }

    private static PromptCodec Make(
        int index, ReadOnlySpan<byte> name, int sampleRateHz, int clockRateHz, Func<short[], PromptFrames> encode) =>
        new()
        {
            Index = index,
            Name = name.ToArray(),
            SampleRateHz = sampleRateHz,
            ClockRateHz = clockRateHz,
            Encode = encode,
        };

    private static PromptFrames G711Frames(short[] samples, Func<short, byte> encode)
    {
        var bytes = new byte[samples.Length];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = encode(samples[i]);
        return PromptFrames.OfFixedLength(bytes, 160);
    }
}
