using CallTracker.Media.Codecs;

namespace CallTracker.Media.Playback;

/// <summary>
/// Something that can be played: coded once in every codec of <see cref="PromptCodecs"/>, then only read. Immutable,
/// shared by all workers; whoever plays one keeps it alive, whatever becomes of its file.
/// </summary>
public sealed class Prompt
{
    /// <summary>The longest prompt; music of a call that waits longer begins again.</summary>
    public const int DurationMsMax = 600_000;
    private readonly PromptFrames[] _frames;

    private Prompt(string id, PromptFrames[] frames)
    {
        (Id, _frames) = (id, frames);
        foreach (var coded in frames) Bytes += coded.Bytes;
        Once = new PlayList(new PlayItem(this));
        Looped = new PlayList(new PlayItem(this, PlayItem.ForEver));
    }

    /// <summary>What settings call it.</summary>
    public string Id { get; }

    /// <summary>Frames of 20 ms, the same in each codec.</summary>
    public int FrameCount => _frames[0].Count;

    /// <summary>Its length; the last frame may end with silence.</summary>
    public int DurationMs => FrameCount * Player.FrameMs;

    /// <summary>What its frames take in memory.</summary>
    public long Bytes { get; }

    /// <summary>Plays it once.</summary>
    public PlayList Once { get; }

    /// <summary>Plays it until it is stopped.</summary>
    public PlayList Looped { get; }

    /// <summary>Codes a sound, in seconds of CPU when it is long: not on a worker.</summary>
    /// <param name="id">What settings call it.</param>
    /// <param name="sound">1 sample to <see cref="DurationMsMax"/>.</param>
    public static Prompt Of(string id, PcmSound sound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sound.Samples.Length, nameof(sound));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sound.DurationMs, DurationMsMax, nameof(sound));
        var samplesPerFrame = sound.RateHz / 50.0;
        var frameCount = (int)Math.Ceiling(sound.Samples.Length / samplesPerFrame);
        var codecs = PromptCodecs.All;
        var frames = new PromptFrames[codecs.Length];
        PcmSound? last = null;
        foreach (var codec in codecs)
        {
            // Those next to each other share a rate.
            if (last?.RateHz != codec.SampleRateHz)
            {
                var wanted = frameCount * codec.SamplesPerFrame;
                last = new PcmSound(
                    Resampler.Convert(sound.Samples, sound.RateHz, codec.SampleRateHz, wanted), codec.SampleRateHz);
            }
            frames[codec.Index] = codec.Encode(last.Samples);
            if (frames[codec.Index].Count != frameCount) throw new InvalidOperationException("A codec lost a frame.");
        }
        return new Prompt(id, frames);
    }

    /// <summary>Its payloads in a codec.</summary>
    public PromptFrames In(PromptCodec codec) => _frames[codec.Index];
}
