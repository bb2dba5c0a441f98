using CallTracker.Media.Codecs;
using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>
/// What is no digit is heard as none: speech (Corpus/speech.ul, made by make-speech with espeak-ng in seven voices),
/// music and noise.
/// </summary>
public sealed class DtmfTalkOffTests
{
    /// <summary>Another recording of μ-law to listen to, for long runs by hand.</summary>
    private const string OtherFile = "CALLTRACKER_TALK_OFF";
    private static readonly string Speech = Path.Combine(AppContext.BaseDirectory, "Dtmf", "Corpus", "speech.ul");

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    [InlineData(3)]
    public void Speech_AtAnyLevel_HoldsNoDigit(double gain)
    {
        var codes = File.ReadAllBytes(Environment.GetEnvironmentVariable(OtherFile) ?? Speech);
        codes.Length.ShouldBeGreaterThan(40 * 8000);
        var samples = new short[codes.Length];
        G711.DecodeMuLaw(codes, samples);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (short)Math.Clamp(samples[i] * gain, short.MinValue, short.MaxValue);
        Hear(samples).ShouldBe("");
    }

    [Fact]
    public void Speech_WithDigitsInIt_HoldsThoseAlone()
    {
        var codes = File.ReadAllBytes(Speech);
        var samples = new short[codes.Length];
        G711.DecodeMuLaw(codes, samples);
        var digits = new Sound().Key('4', 80).Silence(60).Key('2', 80).Samples;
        for (var i = 0; i < digits.Length; i++) samples[160_000 + i] = digits[i];
        Hear(samples).ShouldBe("42");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-10)]
    [InlineData(-25)]
    public void Noise_AtAnyLevel_HoldsNoDigit(double dbm0) =>
        Hear(new Sound().Silence(30_000).WithNoise(dbm0, seed: 4711).Samples).ShouldBe("");

    // Chords of two and three notes of the tempered scale with four harmonics each, 120 ms a chord. The notes F5 and
    // F#6 are the tones of key 3 to within a quarter of a per cent, and such a chord may pass for one.
    [Fact]
    public void Music_OfRandomChords_HoldsHardlyADigit()
    {
        var random = new Random(33);
        var sound = new Sound();
        for (var chord = 0; chord < 400; chord++)
        {
            var notes = Enumerable.Range(0, 2 + (chord % 2)).Select(_ => 220 * Math.Pow(2, random.Next(36) / 12.0));
            var tones = notes.SelectMany(hz => Enumerable.Range(1, 4).Select(n => (hz * n, -12.0 - (6 * n))));
            sound.Tones(120, [.. tones]);
        }
        Hear(sound.Samples).Length.ShouldBeLessThanOrEqualTo(1);
    }

    // Dial, ringback and busy tones of several countries.
    [Fact]
    public void Tones_OfTheNetwork_HoldNoDigit()
    {
        var sound = new Sound().Tones(1000, (350, -13), (440, -13)).Tones(1000, (440, -13), (480, -13))
            .Tones(1000, (480, -13), (620, -13)).Tones(1000, (425, -10)).Tones(1000, (400, -10), (450, -10))
            .Tones(330, (950, -10)).Tones(330, (1400, -10)).Tones(330, (1800, -10)).Tones(1000, (2100, -10))
            .Tones(1000, (1100, -10)).Tones(1000, (700, -7), (900, -7)).Tones(1000, (1300, -7), (1500, -7));
        Hear(sound.Samples).ShouldBe("");
    }

    private static string Hear(short[] samples)
    {
        var heard = new HeardKeys();
        var detector = new DtmfDetector();
        detector.Take(samples, ref heard);
        detector.Stop(ref heard);
        return heard.Ended;
    }
}
