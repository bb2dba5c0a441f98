using System.Buffers.Binary;
using CallTracker.Media.Codecs;
using CallTracker.Media.Tests.Codecs;
using static CallTracker.Media.Tests.Transcoding.ConverterKit;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>Digits and comfort noise on their way through a converter.</summary>
public sealed class ConvertedEventTests
{
    [Theory]
    [InlineData(AudioCodec.Pcmu, AudioCodec.Event8, AudioCodec.Opus, AudioCodec.Event48)]
    [InlineData(AudioCodec.Opus, AudioCodec.Event48, AudioCodec.Pcmu, AudioCodec.Event8)]
    [InlineData(AudioCodec.Pcma, AudioCodec.Event8, AudioCodec.G722, AudioCodec.Event8)]
    [InlineData(AudioCodec.L16Wide, AudioCodec.Event16, AudioCodec.Opus, AudioCodec.Event48)]
    [InlineData(AudioCodec.Opus, AudioCodec.Event8, AudioCodec.Pcmu, AudioCodec.Event8)]
    public void Digit_BetweenClocks_KeepsItsTimeAndItsThreeEnds(
        AudioCodec from, AudioCodec fromEvent, AudioCodec to, AudioCodec toEvent)
    {
        using var kit = new ConverterKit(Terms(from, fromEvent), Terms(to, toEvent));
        var rateHz = from == AudioCodec.Opus ? 16_000 : AudioCodecs.SampleRateHz(from);
        kit.Speak(from, Signals.Sine(rateHz, 700, 100));
        var audioEnd = kit.Out[^1].Header.Timestamp + (uint)(AudioCodecs.ClockRateHz(to) / 50);
        var clock = AudioCodecs.ClockRateHz(fromEvent);
        for (var i = 1; i <= 5; i++) Digit(kit, fromEvent, clock * i / 50, isEnd: false, isFirst: i == 1);
        for (var i = 0; i < 3; i++) Digit(kit, fromEvent, clock / 10, isEnd: true, isFirst: false);
        var digits = kit.Out.Where(p => p.Header.PayloadType == TypeOf(toEvent)).ToList();
        digits.Count.ShouldBe(8);
        digits.ShouldAllBe(d => d.Header.Timestamp == audioEnd);
        digits.Select(d => d.Header.Marker).ShouldBe([true, .. Enumerable.Repeat(false, 7)]);
        digits.Select(Duration).ShouldBe(
            new[] { 1, 2, 3, 4, 5, 5, 5, 5 }.Select(n => n * AudioCodecs.ClockRateHz(to) / 50));
        digits.ShouldAllBe(d => d.Payload[0] == 7);
        digits.Select(d => d.Payload[1] >> 7).ShouldBe([0, 0, 0, 0, 0, 1, 1, 1]);
        kit.Out.Zip(kit.Out.Skip(1)).ShouldAllBe(
            pair => (ushort)(pair.Second.Header.Sequence - pair.First.Header.Sequence) == 1);
    }

    [Fact]
    public void Digit_LongerThanTheFieldHolds_StaysAtItsEnd()
    {
        using var kit = new ConverterKit(
            Terms(AudioCodec.Pcmu, AudioCodec.Event8), Terms(AudioCodec.Opus, AudioCodec.Event48));
        Digit(kit, AudioCodec.Event8, 16_000, isEnd: false, isFirst: true);
        Duration(kit.Out.ShouldHaveSingleItem()).ShouldBe(65_535);
    }

    [Fact]
    public void Digit_ThatTheOtherSideDidNotAskFor_IsDropped()
    {
        using var kit = new ConverterKit(Terms(AudioCodec.Pcmu, AudioCodec.Event8), Terms(AudioCodec.Opus));
        kit.Put(TypeOf(AudioCodec.Event8), [1, 2, 3, 4]).ShouldBeFalse();
        kit.Put(TypeOf(AudioCodec.Event8), [1]).ShouldBeFalse();
        kit.Out.ShouldBeEmpty();
    }

    [Fact]
    public void Audio_AfterADigit_IsAsMuchLater()
    {
        using var kit = new ConverterKit(
            Terms(AudioCodec.Pcmu, AudioCodec.Event8), Terms(AudioCodec.Opus, AudioCodec.Event48));
        var tone = Signals.Sine(8000, 700, 20);
        kit.Speak(AudioCodec.Pcmu, tone);
        var before = kit.Out[^1].Header.Timestamp;
        for (var i = 1; i <= 5; i++) Digit(kit, AudioCodec.Event8, 160 * i, isEnd: i == 5, isFirst: i == 1);
        kit.Timestamp += 800;
        kit.Speak(AudioCodec.Pcmu, tone);
        (kit.Out[^1].Header.Timestamp - before).ShouldBe(6 * 960u);
    }

    [Fact]
    public void Noise_ThatBothKnow_PassesWithItsTime()
    {
        using var kit = new ConverterKit(
            Terms(AudioCodec.Pcma, AudioCodec.ComfortNoise), Terms(AudioCodec.Pcmu, AudioCodec.ComfortNoise));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 700, 40));
        kit.Put(13, [60]).ShouldBeTrue();
        var (header, payload) = kit.Out[^1];
        (header.PayloadType, payload.Length, payload[0]).ShouldBe(((byte)13, 1, (byte)60));
        (header.Timestamp - kit.Out[0].Header.Timestamp).ShouldBe(320u);
    }

    [Fact]
    public void Noise_ThatTheOtherSideDoesNotKnow_IsMade()
    {
        using var kit = new ConverterKit(
            Terms(AudioCodec.Pcma, AudioCodec.ComfortNoise), Terms(AudioCodec.L16Narrow));
        kit.Speak(AudioCodec.Pcma, Signals.Sine(8000, 700, 40));
        kit.Put(13, [40]).ShouldBeTrue();
        kit.Out.Count.ShouldBe(3);
        var heard = kit.Heard(AudioCodec.L16Narrow);
        Signals.Decibels(Signals.Root(heard.AsSpan(320)) / 32_768).ShouldBeInRange(-42, -38);
    }

    private static void Digit(ConverterKit kit, AudioCodec codec, int duration, bool isEnd, bool isFirst)
    {
        var payload = new byte[4];
        (payload[0], payload[1]) = (7, (byte)((isEnd ? 0x80 : 0) | 10));
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)duration);
        kit.Put(TypeOf(codec), payload, isFirst).ShouldBeTrue();
    }

    private static int Duration((CallTracker.Media.Rtp.RtpHeader Header, byte[] Payload) packet) =>
        BinaryPrimitives.ReadUInt16BigEndian(packet.Payload.AsSpan(2));
}
