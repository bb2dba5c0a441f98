using System.Text;
using CallTracker.Media.Codecs;
using CallTracker.Media.Playback;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Codecs;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Playback;

/// <summary>Prompts in their codecs, their bounds, and which of them a side takes.</summary>
public sealed class PromptTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(44_100)]
    public void Frames_InEachCodec_SoundLikeThePrompt(int rateHz)
    {
        short[] sine = [.. Sounds.Sine(600, rateHz, rateHz).Select(s => (short)s)];
        var prompt = Prompt.Of("sine", new PcmSound(sine, rateHz));
        using var pool = new CodecPool();
        (PromptCodec, AudioCodec)[] pairs =
            [(PromptCodecs.G722, AudioCodec.G722), (PromptCodecs.Opus, AudioCodec.Opus)];
        foreach (var (kept, codec) in pairs)
        {
            var decoder = pool.RentDecoder(codec, 16_000);
            var heard = new List<short>();
            var frame = new short[1920];
            var frames = prompt.In(kept);
            frames.Count.ShouldBe(50);
            for (var i = 0; i < frames.Count; i++)
                heard.AddRange(frame[..decoder.Decode(frames[i], frame)]);
            heard.Count.ShouldBe(16_000);
            var steady = heard.ToArray().AsSpan(3200, 9600);
            Signals.Decibels(Signals.Amplitude(steady, 16_000, 600) / 10_000).ShouldBeInRange(-2, 2);
            pool.Return(decoder);
        }
    }

    [Fact]
    public void Sound_OfAnyRate_IsCodedInWholeFramesOfEachCodec()
    {
        var sine = Sounds.Sine(1000, 48_000, 48_001).Select(s => (short)s).ToArray();
        var prompt = Prompt.Of("sine", new PcmSound(sine, 48_000));
        prompt.FrameCount.ShouldBe(51);
        prompt.DurationMs.ShouldBe(1020);
        prompt.Bytes.ShouldBeInRange(3 * 51 * 160, 4 * 51 * 160);
        foreach (var codec in PromptCodecs.All) prompt.In(codec).Count.ShouldBe(51);
        var mu = prompt.In(PromptCodecs.Pcmu)[20].ToArray().Select(G711.FromMuLaw).ToArray();
        var a = prompt.In(PromptCodecs.Pcma)[20].ToArray().Select(G711.FromALaw).ToArray();
        var expected = Sounds.Sine(1000, 8000, 21 * 160)[(20 * 160)..];
        for (var i = 0; i < 160; i++)
        {
            ((double)mu[i]).ShouldBe(expected[i], 350);
            ((double)a[i]).ShouldBe(expected[i], 350);
        }
    }

    [Fact]
    public void Frames_OfTheirOwnLengths_ComeBackOneByOne()
    {
        var frames = PromptFrames.OfOwnLengths([1, 2, 3, 4, 5, 6], [1, 1, 4, 6]);
        frames.Count.ShouldBe(4);
        Enumerable.Range(0, 4).Select(i => frames[i].ToArray()).ShouldBe([[1], [], [2, 3, 4], [5, 6]]);
        frames.Bytes.ShouldBe(6 + 16);
    }

    [Fact]
    public void Bounds_WhenPassed_AreOurOwnMistake()
    {
        Should.Throw<ArgumentException>(() => Prompt.Of("empty", new PcmSound([], 8000)));
        var tooLong = new short[(Prompt.DurationMsMax * 8) + 1];
        Should.Throw<ArgumentException>(() => Prompt.Of("long", new PcmSound(tooLong, 8000)));
        Should.Throw<ArgumentException>(() => new PlayList());
        Should.Throw<ArgumentException>(() => new PlayList([.. Enumerable.Repeat(new PlayItem(Tones.Busy), 17)]));
        Should.Throw<ArgumentException>(() => new PlayList(new PlayItem(Tones.Busy, -1)));
        Should.Throw<ArgumentException>(() => PromptFrames.OfFixedLength(new byte[161], 160));
        Should.Throw<ArgumentException>(() => PromptFrames.OfOwnLengths(new byte[2000], [2000]));
        Should.Throw<ArgumentException>(() => PromptFrames.OfOwnLengths([1, 2], [2, 1]));
        Should.Throw<InvalidOperationException>(() => new ToneSpec { Hz = [400], CadenceMs = [70_000] }.Make());
        Should.Throw<InvalidOperationException>(() => new ToneSpec { Hz = [400], CadenceMs = [30] }.Make());
        Should.Throw<InvalidOperationException>(() => new ToneSpec { Hz = [], CadenceMs = [40] }.Make());
    }

    [Fact]
    public void Tone_OfTwoFrequencies_HasTheirPowersTogether()
    {
        var spec = new ToneSpec { Hz = [440, 480], CadenceMs = [1000], LevelDbm0 = -16 };
        var samples = spec.Make().Samples.Select(s => (double)s).ToArray();
        var rms = Math.Sqrt(samples.Average(s => s * s));
        ((20 * Math.Log10(rms / (32_124 / Math.Sqrt(2)))) + 3.17).ShouldBe(-16, 0.1);
    }

    public static TheoryData<string, string, int> LongLists => new()
    {
        { string.Join(' ', Enumerable.Repeat("18", 31)) + " 0", "PCMU", 0 },
        { string.Join(' ', Enumerable.Repeat("18", 32)) + " 0", "", 0 },
    };

    [Theory, MemberData(nameof(LongLists))]
    [InlineData("0 8 101", "PCMU", 0)]
    [InlineData("8 0", "PCMA", 8)]
    [InlineData("18 101 8", "PCMA", 8)]
    [InlineData("96 0", "PCMA", 96)]
    [InlineData("97 98", "", 0)]
    [InlineData("18", "", 0)]
    [InlineData("300 x 0", "PCMU", 0)]
    [InlineData("9 0", "G722", 9)]
    [InlineData("99 0", "opus", 99)]
    public void Format_OfASide_IsTheFirstThatPromptsAreKeptIn(string formats, string name, int type)
    {
        var sdp = new SdpView();
        var text = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
            + $"m=audio 4000 RTP/AVP {formats}\r\na=rtpmap:96 pcma/8000\r\na=rtpmap:97 PCMU/16000\r\n"
            + "a=rtpmap:98 telephone-event/8000\r\na=rtpmap:99 opus/48000/2\r\n";
        sdp.Parse(Encoding.ASCII.GetBytes(text)).ShouldBeOk();
        var format = PlayFormat.Choose(sdp);
        (format.IsNone ? "" : Encoding.ASCII.GetString(format.Codec!.Name)).ShouldBe(name);
        ((int)format.PayloadType).ShouldBe(type);
    }
}
