using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>What passes the conversion of a sound at rest, what does not, and that nothing moves in time.</summary>
public sealed class SoundResamplerTests
{
    [Theory]
    [InlineData(16_000, 8000)]
    [InlineData(44_100, 8000)]
    [InlineData(48_000, 8000)]
    [InlineData(22_050, 8000)]
    [InlineData(11_025, 8000)]
    [InlineData(44_100, 16_000)]
    [InlineData(8000, 16_000)]
    [InlineData(8000, 48_000)]
    public void Sine_InBothBands_KeepsItsLevelAndItsPlace(int fromHz, int toHz)
    {
        foreach (var hz in (int[])[200, 1000, 3000, 3400])
        {
            var output = Resampler.Convert(Sound(hz, fromHz, fromHz), fromHz, toHz, toHz);
            var expected = Sine(hz, toHz, toHz);
            var errors = output.Zip(expected, (a, b) => a - b).Skip(toHz / 10).Take(toHz * 8 / 10).ToArray();
            // Better than the 38 dB that G.711 has.
            Rms(errors).ShouldBeLessThan(Rms(expected) / 300, $"{hz} Hz");
        }
    }

    [Theory]
    [InlineData(16_000, 5000)]
    [InlineData(44_100, 5000)]
    [InlineData(44_100, 12_000)]
    [InlineData(48_000, 4100)]
    [InlineData(48_000, 20_000)]
    public void Sine_AboveTheNewHalf_IsGone(int fromHz, int hz)
    {
        var output = Resampler.Convert(Sound(hz, fromHz, fromHz), fromHz, 8000, 8000);
        Rms([.. output.Skip(800).Take(6400).Select(s => (double)s)]).ShouldBeLessThan(10_000 / Math.Sqrt(2) / 3000);
    }

    [Fact]
    public void Length_BeyondTheSound_IsSilence()
    {
        var output = Resampler.Convert(Sound(1000, 48_000, 4800), 48_000, 8000, 2000);
        output.Length.ShouldBe(2000);
        output.Skip(850).ShouldAllBe(s => s == 0);
    }

    [Fact]
    public void Level_AtFullScale_IsLimitedInsteadOfWrapping()
    {
        short[] square = [.. Enumerable.Range(0, 4800).Select(i => i / 24 % 2 == 0 ? short.MaxValue : short.MinValue)];
        var output = Resampler.Convert(square, 48_000, 8000, 800);
        output.ShouldContain(short.MaxValue);
        // 1,000 Hz: four samples of one sign, four of the other.
        for (var i = 80; i < 700; i++) Math.Abs(output[i] - (double)output[i + 8]).ShouldBeLessThan(700);
    }

    private static short[] Sound(double hz, int rateHz, int count) =>
        [.. Sine(hz, rateHz, count).Select(s => (short)Math.Round(s))];

    private static double[] Sine(double hz, int rateHz, int count) =>
        [.. Enumerable.Range(0, count).Select(i => 10_000 * Math.Sin(2 * Math.PI * hz * i / rateHz))];

    private static double Rms(double[] samples) => Math.Sqrt(samples.Average(s => s * s));
}
