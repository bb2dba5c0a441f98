using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>libopus through our hands: rates, frames, losses, bad bytes.</summary>
public sealed class OpusTests
{
    [Theory]
    [InlineData(8000, 8000)]
    [InlineData(16_000, 16_000)]
    [InlineData(48_000, 8000)]
    [InlineData(8000, 48_000)]
    public void Tone_EncodedAndDecoded_IsThere(int fromHz, int toHz)
    {
        using var encoder = new OpusEncoder(fromHz);
        using var decoder = new OpusDecoder(toHz);
        var output = new List<short>();
        foreach (var payload in Encode(encoder, Signals.Sine(fromHz, 1000, 600)))
        {
            var frame = new short[toHz * 120 / 1000];
            decoder.SamplesIn(payload).ShouldBe(toHz / 50);
            output.AddRange(frame[..decoder.Decode(payload, frame)]);
        }
        output.Count.ShouldBe(toHz * 600 / 1000);
        var steady = output.ToArray().AsSpan(toHz * 300 / 1000);
        Signals.Decibels(Signals.Amplitude(steady, toHz, 1000) / 10_000).ShouldBeInRange(-2, 2);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    public void Frame_OfEachLength_ComesBackAsLong(int ms)
    {
        using var encoder = new OpusEncoder(8000);
        using var decoder = new OpusDecoder(8000);
        encoder.CanFrame(ms).ShouldBeTrue();
        var payload = new byte[1275];
        var length = encoder.Encode(Signals.Sine(8000, 500, ms), payload);
        length.ShouldBeGreaterThan(0);
        decoder.Decode(payload.AsSpan(0, length), new short[960]).ShouldBe(8 * ms);
    }

    [Fact]
    public void Frame_OfAnotherLength_IsRefused()
    {
        using var encoder = new OpusEncoder(8000);
        encoder.CanFrame(30).ShouldBeFalse();
        encoder.Encode(new short[240], new byte[1275]).ShouldBe(0);
    }

    [Fact]
    public void LostFrame_WithACopyInTheNext_IsRecovered()
    {
        using var encoder = new OpusEncoder(16_000);
        using var decoder = new OpusDecoder(16_000);
        var packets = Encode(encoder, Signals.Sine(16_000, 1000, 400));
        var frame = new short[320];
        for (var i = 0; i < 10; i++) decoder.Decode(packets[i], frame).ShouldBe(320);
        decoder.Recover(packets[11], frame).ShouldBe(320);
        Signals.Amplitude(frame, 16_000, 1000).ShouldBeGreaterThan(5000);
    }

    [Fact]
    public void LostFrames_Concealed_FadeAway()
    {
        using var encoder = new OpusEncoder(16_000);
        using var decoder = new OpusDecoder(16_000);
        var frame = new short[320];
        foreach (var payload in Encode(encoder, Signals.Sine(16_000, 300, 300))) decoder.Decode(payload, frame);
        var before = Signals.Root(frame);
        decoder.Conceal(frame).ShouldBe(320);
        Signals.Root(frame).ShouldBeGreaterThan(before / 4);
        for (var i = 0; i < 50; i++) decoder.Conceal(frame).ShouldBe(320);
        Signals.Root(frame).ShouldBeLessThan(before / 20);
    }

    [Fact]
    public void RandomBytes_Decoded_NeverThrowAndNeverNeedMoreRoom()
    {
        using var decoder = new OpusDecoder(48_000);
        var random = new Random(5);
        var room = new short[5760];
        for (var i = 0; i < 3000; i++)
        {
            var payload = new byte[random.Next(0, 60)];
            random.NextBytes(payload);
            decoder.Decode(payload, room.AsSpan(0, random.Next(0, room.Length))).ShouldBeInRange(0, room.Length);
            decoder.SamplesIn(payload).ShouldBeInRange(0, 48 * 120 * 2);
        }
    }

    private static List<byte[]> Encode(AudioEncoder encoder, short[] samples)
    {
        var frame = encoder.SampleRateHz / 50;
        var packets = new List<byte[]>();
        var payload = new byte[1275];
        for (var i = 0; i + frame <= samples.Length; i += frame)
            packets.Add(payload[..encoder.Encode(samples.AsSpan(i, frame), payload)]);
        return packets;
    }
}
