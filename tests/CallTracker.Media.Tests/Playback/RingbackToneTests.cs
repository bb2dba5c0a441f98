using CallTracker.Media.Codecs;
using CallTracker.Media.Playback;

namespace CallTracker.Media.Tests.Playback;

/// <summary>What the tone sounds like, measured on the payloads that are sent.</summary>
public sealed class RingbackToneTests
{
    private static readonly double[] MuLaw = Samples(PromptCodecs.Pcmu, G711.FromMuLaw);
    private static readonly double[] ALaw = Samples(PromptCodecs.Pcma, G711.FromALaw);

    [Fact]
    public void Cadence_OfACycle_IsOneSecondOnAndTwoOff()
    {
        foreach (var samples in (double[][])[MuLaw, ALaw])
        {
            samples.Length.ShouldBe(24_000);
            // The envelope never falls to zero: every 10 ms of the first second sound.
            for (var at = 0; at < 8000; at += 80) Rms(samples, at, 80).ShouldBeGreaterThan(100);
            Rms(samples, 8000, 16_000).ShouldBeLessThan(10);
        }
    }

    [Fact]
    public void Level_WhileItSounds_IsMinus16Dbm0()
    {
        // 0 dBm0 is 3.17 dB below a full sine, whose rms is 32124 / sqrt 2.
        foreach (var samples in (double[][])[MuLaw, ALaw])
        {
            var dbm0 = (20 * Math.Log10(Rms(samples, 0, 8000) / (32_124 / Math.Sqrt(2)))) + 3.17;
            dbm0.ShouldBe(-16, 0.3);
        }
    }

    [Fact]
    public void Spectrum_OfTheTone_Is400HzWithItsTwoSidebands()
    {
        var carrier = Power(MuLaw, 400);
        (Power(MuLaw, 384) / carrier).ShouldBe(0.85 * 0.85 / 4, 0.02);
        (Power(MuLaw, 416) / carrier).ShouldBe(0.85 * 0.85 / 4, 0.02);
        foreach (var hz in (int[])[300, 350, 450, 500, 800, 1200]) (Power(MuLaw, hz) / carrier).ShouldBeLessThan(0.001);
    }

    private static double Power(double[] samples, double hz)
    {
        var (re, im) = (0.0, 0.0);
        for (var i = 0; i < 8000; i++)
        {
            re += samples[i] * Math.Cos(2 * Math.PI * hz * i / 8000);
            im += samples[i] * Math.Sin(2 * Math.PI * hz * i / 8000);
        }
        return (re * re) + (im * im);
    }

    private static double Rms(double[] samples, int start, int count) =>
        Math.Sqrt(samples.Skip(start).Take(count).Average(s => s * s));

    private static double[] Samples(PromptCodec codec, Func<byte, short> decode) =>
        [.. Enumerable.Range(0, Tones.Ringback.FrameCount)
            .SelectMany(frame => Tones.Ringback.In(codec)[frame].ToArray()).Select(b => (double)decode(b))];
}
