using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>RFC 3389: how loud it is, of what colour, and that no payload makes it howl.</summary>
public sealed class ComfortNoiseTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public void Noise_OfALevel_IsAsLoud(int level)
    {
        var noise = new ComfortNoise();
        noise.TryTake([(byte)level]).ShouldBeTrue();
        var samples = new short[16_000];
        noise.Fill(samples);
        Signals.Decibels(Signals.Root(samples) / 32_768).ShouldBeInRange(-level - 0.5, -level + 0.5);
    }

    [Fact]
    public void Noise_WithCoefficients_KeepsItsLevelAndTakesTheirColour()
    {
        var noise = new ComfortNoise();
        // A strong negative first coefficient: low frequencies.
        noise.TryTake([30, 20]).ShouldBeTrue();
        var samples = new short[32_000];
        noise.Fill(samples);
        Signals.Decibels(Signals.Root(samples) / 32_768).ShouldBeInRange(-32, -28);
        var (low, high) = (0.0, 0.0);
        for (var hz = 100; hz < 500; hz += 20) low += Signals.Amplitude(samples, 8000, hz);
        for (var hz = 3500; hz < 3900; hz += 20) high += Signals.Amplitude(samples, 8000, hz);
        low.ShouldBeGreaterThan(high * 5);
    }

    [Fact]
    public void Level_OfNoise_IsMeasuredAsItWasMade()
    {
        var noise = new ComfortNoise();
        noise.TryTake([45]).ShouldBeTrue();
        var samples = new short[8000];
        noise.Fill(samples);
        var payload = new byte[1];
        ComfortNoise.Write(samples, payload).ShouldBe(1);
        ((int)payload[0]).ShouldBeInRange(44, 46);
        ComfortNoise.Write(new short[160], payload).ShouldBe(1);
        payload[0].ShouldBe((byte)127);
    }

    [Fact]
    public void Payload_OfNothingOrTooLoud_ChangesNothing()
    {
        var noise = new ComfortNoise();
        noise.TryTake([50]).ShouldBeTrue();
        noise.TryTake([]).ShouldBeFalse();
        noise.TryTake([200]).ShouldBeFalse();
        noise.Level.ShouldBe(50);
    }

    [Fact]
    public void Payloads_OfRandomBytes_StayBounded()
    {
        var random = new Random(11);
        var samples = new short[1600];
        for (var i = 0; i < 500; i++)
        {
            var noise = new ComfortNoise();
            var payload = new byte[random.Next(1, 40)];
            random.NextBytes(payload);
            payload[0] = 50;
            noise.TryTake(payload).ShouldBeTrue();
            noise.Fill(samples);
            Signals.Decibels(Signals.Root(samples) / 32_768).ShouldBeLessThan(-35, Convert.ToHexString(payload));
        }
    }
}
