namespace CallTracker.Media.Playback;

/// <summary>
/// A codec that prompts are kept in: what SDP calls it, its rates, and the function that codes. Another codec is
/// another entry in <see cref="PromptCodecs"/>. Immutable.
/// </summary>
public sealed class PromptCodec
{
    /// <summary>Its place in <see cref="PromptCodecs.All"/>.</summary>
    public required int Index { get; init; }

    /// <summary>The encoding name of SDP.</summary>
    public required byte[] Name { get; init; }

    /// <summary>The rate of the samples that are coded.</summary>
    public required int SampleRateHz { get; init; }

    /// <summary>The rate of RTP timestamps; not the other one for G.722 (RFC 3551 section 4.5.2).</summary>
    public required int ClockRateHz { get; init; }

    /// <summary>Codes samples of <see cref="SampleRateHz"/>, a whole number of frames of 20 ms.</summary>
    public required Func<short[], PromptFrames> Encode { get; init; }

    /// <summary>Samples in a frame of 20 ms.</summary>
    public int SamplesPerFrame => SampleRateHz / 50;
}
