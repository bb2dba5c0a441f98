using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>The limits of ITU-T Q.24, on tones made here; what others make stands in <see cref="DtmfWitnessTests"/>.
/// </summary>
public sealed class DtmfDetectorTests
{
    private const string Keys = "0123456789*#ABCD";

    [Fact]
    public void AllKeys_At40MsToneAndPause_AreHeardOnce()
    {
        for (var shift = 0; shift < 102; shift += 3)
        {
            var sound = new Sound().Silence(20 + (shift / 8.0));
            foreach (var key in Keys) sound.Key(key, 40).Silence(40);
            Hear(sound.Silence(60)).Ended.ShouldBe(Keys, $"shifted by {shift} samples");
        }
    }

    [Theory]
    [InlineData(0.015, 0.015)]
    [InlineData(-0.015, -0.015)]
    [InlineData(0.015, -0.015)]
    [InlineData(-0.015, 0.015)]
    public void Frequency_WithinOneAndAHalfPercent_IsTaken(double low, double high)
    {
        foreach (var key in Keys)
        {
            for (var shift = 0; shift < 51; shift += 5)
            {
                var sound = new Sound().Silence(20 + (shift / 8.0)).Key(key, 50, lowOff: low, highOff: high);
                Hear(sound.Silence(60)).Ended.ShouldBe($"{key}", $"key {key} shifted by {shift} samples");
            }
        }
    }

    [Theory]
    [InlineData(0.035, 0)]
    [InlineData(-0.035, 0)]
    [InlineData(0, 0.035)]
    [InlineData(0, -0.035)]
    [InlineData(0.06, 0)]
    [InlineData(0, -0.06)]
    public void Frequency_OffByThreeAndAHalfPercent_IsRefused(double low, double high)
    {
        foreach (var key in Keys)
        {
            for (var shift = 0; shift < 51; shift += 5)
            {
                var sound = new Sound().Silence(20 + (shift / 8.0)).Key(key, 500, lowOff: low, highOff: high);
                Hear(sound.Silence(60)).Begun.ShouldBe("", $"key {key} shifted by {shift} samples");
            }
        }
    }

    [Theory]
    [InlineData(-10, -6)]
    [InlineData(-6, -14)]
    [InlineData(-25, -25)]
    [InlineData(-25, -21)]
    [InlineData(-17, -25)]
    [InlineData(0, 0)]
    public void LevelAndTwist_WithinQ24_AreTaken(double low, double high)
    {
        foreach (var key in Keys)
        {
            foreach (var off in (double[])[-0.015, 0, 0.015])
                Hear(new Sound().Silence(20).Key(key, 50, low, high, off, off).Silence(60)).Ended.ShouldBe($"{key}");
        }
    }

    [Theory]
    [InlineData(-40, -40)]
    [InlineData(-10, 0)]
    [InlineData(0, -18)]
    public void LevelAndTwist_FarBeyondQ24_AreRefused(double low, double high)
    {
        foreach (var key in Keys)
            Hear(new Sound().Silence(20).Key(key, 500, low, high).Silence(60)).Begun.ShouldBe("");
    }

    [Fact]
    public void Tone_ShorterThan24Ms_IsRefused()
    {
        for (var shift = 0; shift < 51; shift++)
            Hear(new Sound().Silence(20 + (shift / 8.0)).Key('5', 23).Silence(60)).Begun.ShouldBe("");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void Tone_BrokenFor10Ms_IsOneDigit(double breakMs)
    {
        for (var shift = 0; shift < 51; shift++)
        {
            var sound = new Sound().Silence(20 + (shift / 8.0)).Key('7', 60).Silence(breakMs).Key('7', 60);
            Hear(sound.Silence(60)).Ended.ShouldBe("7", $"shifted by {shift} samples");
        }
    }

    [Fact]
    public void Noise_15DbBelow_LosesNoDigit()
    {
        var heard = "";
        for (var seed = 0; seed < 100; seed++)
        {
            var sound = new Sound().Silence(20.5).Key(Keys[seed % 16], 50, -10, -10).Silence(50);
            heard += Hear(sound.WithNoise(-25, seed)).Ended;
        }
        heard.Length.ShouldBeGreaterThanOrEqualTo(99);
    }

    [Fact]
    public void Duration_OfAKey_IsMeasuredWithin14Ms()
    {
        foreach (var ms in (int[])[50, 80, 100, 160, 500, 3000])
        {
            var heard = Hear(new Sound().Silence(23).Key('9', ms).Silence(60));
            heard.DurationsMs.ShouldHaveSingleItem().ShouldBeInRange(ms - 14, ms + 14);
        }
    }

    [Fact]
    public void Key_HeldWhenTheAudioStops_IsLetGo()
    {
        var heard = new HeardKeys();
        var detector = new DtmfDetector();
        detector.Take(new Sound().Key('3', 100).Samples, ref heard);
        detector.IsOn.ShouldBeTrue();
        detector.Stop(ref heard);
        (detector.IsOn, heard.Ended).ShouldBe((false, "3"));
    }

    [Fact]
    public void Begin_OfATone_IsHeardWithin40Ms()
    {
        for (var shift = 0; shift < 51; shift++)
        {
            var heard = new HeardKeys();
            var detector = new DtmfDetector();
            var samples = new Sound().Silence(20 + (shift / 8.0)).Key('1', 40).Samples;
            detector.Take(samples, ref heard);
            heard.Begun.ShouldBe("1", $"shifted by {shift} samples");
        }
    }

    private static HeardKeys Hear(Sound sound)
    {
        var heard = new HeardKeys();
        new DtmfDetector().Take(sound.Samples, ref heard);
        return heard;
    }
}
