using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>A lost frame is filled with what would have come, and a long loss with silence.</summary>
public sealed class LossConcealerTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16_000)]
    public void Tone_WithAFrameLost_GoesOn(int rateHz)
    {
        var concealer = new LossConcealer(rateHz);
        var samples = Signals.Sine(rateHz, 150, 300);
        Feed(concealer, samples.AsSpan(0, rateHz / 5));
        var made = new short[rateHz / 100];
        concealer.Conceal(made);
        var truth = samples.AsSpan(rateHz / 5, made.Length);
        var worst = 0;
        for (var i = 0; i < made.Length; i++) worst = Math.Max(worst, Math.Abs(made[i] - truth[i]));
        worst.ShouldBeLessThan(1500, "of 10000: the phase goes on");
    }

    [Fact]
    public void Loss_ThatLasts_FadesToSilenceIn60Ms()
    {
        var concealer = new LossConcealer(8000);
        Feed(concealer, Signals.Sine(8000, 200, 200));
        var made = new short[800];
        concealer.Conceal(made);
        Signals.Root(made.AsSpan(0, 80)).ShouldBeGreaterThan(6000);
        Signals.Root(made.AsSpan(240, 80)).ShouldBeInRange(2000, 5500);
        Signals.Root(made.AsSpan(490)).ShouldBe(0);
    }

    [Fact]
    public void Audio_AfterALoss_IsFadedIn()
    {
        var concealer = new LossConcealer(8000);
        Feed(concealer, Signals.Sine(8000, 200, 200));
        concealer.Conceal(new short[800]);
        var next = new short[160];
        Array.Fill(next, (short)8000);
        concealer.Take(next);
        ((int)next[0]).ShouldBeLessThan(1000);
        next[40].ShouldBe((short)8000);
    }

    [Fact]
    public void Silence_Concealed_IsSilence()
    {
        var concealer = new LossConcealer(8000);
        var made = new short[160];
        concealer.Conceal(made);
        made.ShouldAllBe(x => x == 0);
    }

    private static void Feed(LossConcealer concealer, ReadOnlySpan<short> samples)
    {
        while (!samples.IsEmpty)
        {
            var frame = samples[..Math.Min(160, samples.Length)].ToArray();
            concealer.Take(frame);
            samples = samples[frame.Length..];
        }
    }
}
