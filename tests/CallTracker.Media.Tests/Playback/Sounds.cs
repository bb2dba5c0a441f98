using CallTracker.Media.Playback;

namespace CallTracker.Media.Tests.Playback;

/// <summary>Prompts whose frames can be told apart.</summary>
internal static class Sounds
{
    /// <summary>Every frame of 20 ms has a level of its own.</summary>
    public static Prompt Steps(string id, int frames, int firstLevel)
    {
        var samples = new short[frames * 160];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(firstLevel + (i / 160 * 500));
        return Prompt.Of(id, new PcmSound(samples, 8000));
    }

    public static byte[] Frame(Prompt prompt, int frame, PromptCodec? codec = null) =>
        prompt.In(codec ?? PromptCodecs.Pcmu)[frame].ToArray();

    public static double[] Sine(double hz, int rateHz, int count, double amplitude = 10_000) =>
        [.. Enumerable.Range(0, count).Select(i => amplitude * Math.Sin(2 * Math.PI * hz * i / rateHz))];
}
