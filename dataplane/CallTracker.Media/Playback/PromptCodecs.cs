using System.Text;
using CallTracker.Media.Codecs;

namespace CallTracker.Media.Playback;

/// <summary>
/// The codecs that prompts are kept in. Made at start; each prompt is coded in all of them once. Opus is one of them
/// where the machine has libopus.
/// </summary>
public static class PromptCodecs
{
    /// <summary>G.711 μ-law.</summary>
    public static readonly PromptCodec Pcmu = Make(0, AudioCodec.Pcmu, 8000);

    /// <summary>G.711 A-law.</summary>
    public static readonly PromptCodec Pcma = Make(1, AudioCodec.Pcma, 8000);

    /// <summary>G.722, 64 kbit/s.</summary>
    public static readonly PromptCodec G722 = Make(2, AudioCodec.G722, 16_000);

    /// <summary>Opus, coded from 16 kHz: what telephone sound has is in it.</summary>
    public static readonly PromptCodec Opus = Make(3, AudioCodec.Opus, 16_000);

    private static readonly PromptCodec[] Table =
        AudioCodecs.IsConvertible(AudioCodec.Opus) ? [Pcmu, Pcma, G722, Opus] : [Pcmu, Pcma, G722];

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

    private static PromptCodec Make(int index, AudioCodec codec, int sampleRateHz) => new()
    {
        Index = index,
        Name = AudioCodecs.Name(codec).ToArray(),
        SampleRateHz = sampleRateHz,
        ClockRateHz = AudioCodecs.ClockRateHz(codec),
        Encode = samples => Encode(codec, samples, sampleRateHz),
    };

    // One stream from the first frame to the last.
    private static PromptFrames Encode(AudioCodec codec, short[] samples, int sampleRateHz)
    {
        using var pool = new CodecPool();
        var encoder = pool.RentEncoder(codec, sampleRateHz);
        var perFrame = sampleRateHz * Player.FrameMs / 1000;
        var bytes = new List<byte>(samples.Length);
        var ends = new int[samples.Length / perFrame];
        var payload = new byte[encoder.BytesMax(perFrame)];
        for (var frame = 0; frame < ends.Length; frame++)
        {
            var length = encoder.Encode(samples.AsSpan(frame * perFrame, perFrame), payload);
            bytes.AddRange(payload.AsSpan(0, length));
            ends[frame] = bytes.Count;
        }
        pool.Return(encoder);
        return codec == AudioCodec.Opus
            ? PromptFrames.OfOwnLengths([.. bytes], ends)
            : PromptFrames.OfFixedLength([.. bytes], bytes.Count / ends.Length);
    }
}
