using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>What passes, what does not, and that it matters nothing how the stream is cut.</summary>
public sealed class ResamplerTests
{
    public static TheoryData<int, int> Rates => new()
    {
        { 8000, 16_000 }, { 16_000, 8000 }, { 8000, 48_000 }, { 48_000, 8000 }, { 16_000, 48_000 }, { 48_000, 16_000 },
        { 44_100, 8000 }, { 8000, 44_100 },
    };

    [Theory, MemberData(nameof(Rates))]
    public void Tone_InTheBand_KeepsItsLevelAndStandsAlone(int fromHz, int toHz)
    {
        foreach (var hz in new[] { 200.0, 1000, 3000 })
        {
            var output = Run(fromHz, toHz, Signals.Sine(fromHz, hz, 500));
            var steady = output.AsSpan(toHz / 10, toHz * 3 / 10);
            Signals.Decibels(Signals.Amplitude(steady, toHz, hz) / 10_000).ShouldBeInRange(-0.1, 0.1);
            var rest = Math.Abs((Signals.Root(steady) * Math.Sqrt(2) / 10_000) - 1);
            rest.ShouldBeLessThan(0.01, $"{hz} Hz: images or folds");
        }
    }

    [Theory]
    [InlineData(8000, 16_000, 3000, 5000)]
    [InlineData(8000, 48_000, 1000, 7000)]
    [InlineData(8000, 48_000, 3000, 21_000)]
    [InlineData(16_000, 48_000, 6000, 10_000)]
    public void Tone_WhenGoneUp_HasNoImage(int fromHz, int toHz, int hz, int imageHz)
    {
        var output = Run(fromHz, toHz, Signals.Sine(fromHz, hz, 500));
        var image = Signals.Amplitude(output.AsSpan(toHz / 10, toHz * 3 / 10), toHz, imageHz);
        Signals.Decibels(image / 10_000).ShouldBeLessThan(-70);
    }

    [Theory]
    [InlineData(16_000, 8000, 5000)]
    [InlineData(16_000, 8000, 7000)]
    [InlineData(48_000, 8000, 9000)]
    [InlineData(48_000, 16_000, 15_000)]
    public void Tone_AboveTheBand_DoesNotFold(int fromHz, int toHz, int hz)
    {
        var output = Run(fromHz, toHz, Signals.Sine(fromHz, hz, 500));
        Signals.Decibels(Signals.Root(output.AsSpan(toHz / 10, toHz * 3 / 10)) / 7071).ShouldBeLessThan(-70);
    }

    [Theory, MemberData(nameof(Rates))]
    public void Stream_HoweverItIsCut_GivesTheSame(int fromHz, int toHz)
    {
        var samples = Signals.Mixture(fromHz);
        var whole = Run(fromHz, toHz, samples);
        var resampler = new Resampler(fromHz, toHz);
        var random = new Random(1);
        var pieces = new List<short>();
        for (var i = 0; i < samples.Length;)
        {
            var count = Math.Min(random.Next(1, resampler.InputMax), samples.Length - i);
            var output = new short[resampler.OutputMax(count)];
            pieces.AddRange(output[..resampler.Run(samples.AsSpan(i, count), output)]);
            i += count;
        }
        pieces.SequenceEqual(whole).ShouldBeTrue();
        whole.Length.ShouldBe((int)((long)samples.Length * toHz / fromHz));
    }

    [Theory, MemberData(nameof(Rates))]
    public void Click_Resampled_IsLaterByTheDelayThatIsTold(int fromHz, int toHz)
    {
        var input = new short[fromHz / 10];
        input[fromHz / 50] = 30_000;
        var output = Run(fromHz, toHz, input);
        var peak = output.Index().MaxBy(x => x.Item).Index;
        var delayUs = (peak * 1_000_000L / toHz) - 20_000;
        ((int)delayUs).ShouldBeInRange(
            new Resampler(fromHz, toHz).DelayUs - 70, new Resampler(fromHz, toHz).DelayUs + 70);
    }

    [Theory]
    [InlineData(8000, 8000)]
    [InlineData(7999, 8000)]
    [InlineData(8000, 48_001)]
    public void Rates_OutsideTelephony_AreRefused(int fromHz, int toHz) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Resampler(fromHz, toHz));

    private static short[] Run(int fromHz, int toHz, short[] samples)
    {
        var resampler = new Resampler(fromHz, toHz);
        var output = new List<short>();
        var piece = new short[resampler.OutputMax(fromHz / 50)];
        for (var i = 0; i < samples.Length; i += fromHz / 50)
            output.AddRange(piece[..resampler.Run(samples.AsSpan(i, fromHz / 50), piece)]);
        return [.. output];
    }
}
