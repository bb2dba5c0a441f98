using CallTracker.Media.Codecs;
using CallTracker.Media.Tests.Codecs;
using static CallTracker.Media.Tests.Transcoding.ConverterKit;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>Each codec into each other, and what becomes of sequence, timestamps, pauses and losses.</summary>
public sealed class AudioConverterTests
{
    private static readonly AudioCodec[] All =
        [AudioCodec.Pcmu, AudioCodec.Pcma, AudioCodec.G722, AudioCodec.Opus, AudioCodec.L16Narrow, AudioCodec.L16Wide];

    public static TheoryData<AudioCodec, AudioCodec> Pairs
    {
        get
        {
            var pairs = new TheoryData<AudioCodec, AudioCodec>();
            foreach (var from in All)
            {
                foreach (var to in All.Where(to => to != from)) pairs.Add(from, to);
            }
            return pairs;
        }
    }

    public static TheoryData<int, int> Ptimes
    {
        get
        {
            var pairs = new TheoryData<int, int>();
            foreach (var from in new[] { 10, 20, 30, 40, 60 })
            {
                foreach (var to in new[] { 10, 20, 30, 40, 60 }) pairs.Add(from, to);
            }
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Tone_ThroughEachPair_IsHeardAndEvenlyNumbered(AudioCodec from, AudioCodec to)
    {
        using var kit = new ConverterKit(Terms(from), Terms(to));
        var rateHz = from == AudioCodec.Opus ? 16_000 : AudioCodecs.SampleRateHz(from);
        kit.Speak(from, Signals.Sine(rateHz, 1000, 1000));
        kit.Out.Count.ShouldBe(50);
        ShouldBeEven(kit, to, 20);
        var heard = kit.Heard(to);
        var heardHz = to == AudioCodec.Opus ? 16_000 : AudioCodecs.SampleRateHz(to);
        heard.Length.ShouldBe(heardHz);
        var level = Signals.Amplitude(heard.AsSpan(heardHz / 2, heardHz / 4), heardHz, 1000);
        Signals.Decibels(level / 10_000).ShouldBeInRange(-2, 2);
    }

    [Theory, MemberData(nameof(Ptimes))]
    public void Packets_OfEachLength_BecomePacketsOfEachLength(int fromMs, int toMs)
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(toMs, AudioCodec.Pcmu));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 1200), fromMs);
        kit.Out.Count.ShouldBe(1200 / toMs);
        ShouldBeEven(kit, AudioCodec.Pcmu, toMs);
        kit.Out.ShouldAllBe(p => p.Payload.Length == toMs * 8);
    }

    [Theory]
    [InlineData(AudioCodec.Opus, 30)]
    [InlineData(AudioCodec.L16Wide, 60)]
    [InlineData(AudioCodec.Pcmu, 120)]
    [InlineData(AudioCodec.Pcmu, 15)]
    public void Length_ThatTheCodecOrTheNetworkCannotTake_BecomesTwentyMs(AudioCodec to, int ptimeMs)
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(ptimeMs, to));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 600));
        kit.Out.Count.ShouldBe(30);
    }

    [Fact]
    public void Packets_Lost_AreLostBehindItToo()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.G722), Terms(AudioCodec.Pcmu));
        var tone = Signals.Sine(16_000, 500, 100);
        kit.Speak(AudioCodec.G722, tone);
        kit.Sequence += 2;
        kit.Timestamp += 320;
        kit.Speak(AudioCodec.G722, tone);
        kit.Out.Count.ShouldBe(10);
        Step(kit, 5).ShouldBe((3, 480, false));
    }

    [Fact]
    public void Loss_InTheMiddleOfAFrame_ClosesItAndGoesOnInTime()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(60, AudioCodec.Pcmu));
        var tone = Signals.Sine(8000, 500, 80);
        kit.Speak(AudioCodec.Pcma, tone);
        kit.Sequence += 10;
        kit.Timestamp += 1600;
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 120));
        // 60 ms, then 20 ms filled to 60, then a gap of 160 ms, then 120 ms.
        kit.Out.Count.ShouldBe(4);
        (Step(kit, 1).Time, Step(kit, 2).Time, Step(kit, 3).Time).ShouldBe((480, 1760, 480));
        Step(kit, 2).Sequence.ShouldBeInRange(2, 4);
    }

    [Fact]
    public void Pause_OfTheSender_StaysAPauseAndIsNoLoss()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(AudioCodec.Opus));
        var tone = Signals.Sine(8000, 500, 100);
        kit.Speak(AudioCodec.Pcma, tone, marker: true);
        kit.Timestamp += 8000;
        kit.Speak(AudioCodec.Pcma, tone, marker: true);
        Step(kit, 5).ShouldBe((1, 48_960, true));
    }

    [Fact]
    public void Packet_LateOrTwice_IsDropped()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(AudioCodec.Pcmu));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 100));
        kit.Sequence -= 1;
        kit.Put(8, new byte[160]).ShouldBeFalse();
        kit.Sequence -= 3;
        kit.Put(8, new byte[160]).ShouldBeFalse();
        kit.Out.Count.ShouldBe(5);
    }

    [Fact]
    public void Source_ThatChanges_GoesOnInTheSameStream()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(AudioCodec.Opus));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 100));
        (kit.Ssrc, kit.Sequence, kit.Timestamp) = (0x88, 12, 99);
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 100));
        kit.Out.Count.ShouldBe(10);
        Step(kit, 5).ShouldBe((1, 960, true));
        kit.Out.ShouldAllBe(p => p.Header.Ssrc == OwnSsrc);
    }

    [Fact]
    public void Timestamps_ThatJumpBack_GoOnForward()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(AudioCodec.Pcmu));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 100));
        kit.Timestamp -= 100_000;
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 500, 100));
        ShouldBeEven(kit, AudioCodec.Pcmu, 20);
    }

    [Fact]
    public void Codec_ThatBothHave_PassesWithTheOthersNumber()
    {
        var to = new CallTracker.Media.Transcoding.AudioTerms(
            default(AudioFormats).With(AudioCodec.Opus, 111).With(AudioCodec.Pcmu, 0), 0);
        using var kit = new ConverterKit(Terms(AudioCodec.Opus, AudioCodec.G722), to);
        byte[] payload = [1, 2, 3, 4, 5];
        kit.Put(TypeOf(AudioCodec.Opus), payload, marker: true).ShouldBeTrue();
        var (header, passed) = kit.Out.ShouldHaveSingleItem();
        passed.ShouldBe(payload);
        (header.PayloadType, header.Ssrc, header.Marker).ShouldBe(((byte)111, OwnSsrc, true));
        kit.Pool.Lent.ShouldBe(0, "nothing is decoded that need not be");
    }

    [Fact]
    public void Type_ThatNobodyNamed_IsDropped()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcma), Terms(AudioCodec.Pcmu));
        kit.Put(99, new byte[160]).ShouldBeFalse();
        kit.Out.ShouldBeEmpty();
    }

    [Fact]
    public void Packets_OfRandomBytes_NeverThrowAndNeverGrow()
    {
        var random = new Random(23);
        foreach (var (from, to) in Pairs.Select(row => row.Data))
        {
            using var kit = new ConverterKit(
                Terms(from, AudioCodec.ComfortNoise, AudioCodec.Event8, AudioCodec.Event48),
                Terms(random.Next(0, 70), to, AudioCodec.Event8, AudioCodec.Event48));
            for (var i = 0; i < 400; i++)
            {
                var payload = new byte[random.Next(0, 2000)];
                random.NextBytes(payload);
                kit.Sequence += (ushort)random.Next(0, 3);
                kit.Timestamp += (uint)(random.Next(8) == 0 ? random.NextInt64() : 160);
                var before = kit.Out.Count;
                var type = random.Next(3) == 0 ? random.Next(128) : TypeOf(from);
                kit.Put(type, payload.AsSpan(0, random.Next(2) == 0 ? payload.Length : payload.Length / 20));
                (kit.Out.Count - before).ShouldBeLessThan(20);
            }
        }
    }

    private static (int Sequence, int Time, bool Marker) Step(ConverterKit kit, int i)
    {
        var (before, at) = (kit.Out[i - 1].Header, kit.Out[i].Header);
        return ((ushort)(at.Sequence - before.Sequence), (int)(at.Timestamp - before.Timestamp), at.Marker);
    }

    private static void ShouldBeEven(ConverterKit kit, AudioCodec codec, int ms)
    {
        kit.Out[0].Header.Marker.ShouldBeTrue("a stream begins");
        kit.Out.ShouldAllBe(p => p.Header.PayloadType == TypeOf(codec) && p.Header.Ssrc == OwnSsrc);
        for (var i = 1; i < kit.Out.Count; i++)
            Step(kit, i).ShouldBe((1, AudioCodecs.ClockRateHz(codec) * ms / 1000, false), $"packet {i}");
    }
}
