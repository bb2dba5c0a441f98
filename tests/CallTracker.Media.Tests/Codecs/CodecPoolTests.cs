using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>What is lent comes back, and each codec says what it does.</summary>
public sealed class CodecPoolTests
{
    public static TheoryData<AudioCodec> Codecs =>
    [
        AudioCodec.Pcmu, AudioCodec.Pcma, AudioCodec.G722, AudioCodec.Opus, AudioCodec.L16Narrow, AudioCodec.L16Wide,
    ];

    [Theory, MemberData(nameof(Codecs))]
    public void Codec_Returned_IsTheNextOneLent(AudioCodec codec)
    {
        using var pool = new CodecPool();
        var (decoder, encoder) = (pool.RentDecoder(codec, 16_000), pool.RentEncoder(codec, 16_000));
        pool.Lent.ShouldBe(2);
        pool.Return(decoder);
        pool.Return(encoder);
        pool.Lent.ShouldBe(0);
        pool.RentDecoder(codec, 16_000).ShouldBeSameAs(decoder);
        pool.RentEncoder(codec, 16_000).ShouldBeSameAs(encoder);
        pool.Return(decoder);
        pool.Return(encoder);
    }

    [Theory, MemberData(nameof(Codecs))]
    public void Codec_OfATone_GivesItBack(AudioCodec codec)
    {
        using var pool = new CodecPool();
        var (decoder, encoder) = (pool.RentDecoder(codec, 16_000), pool.RentEncoder(codec, 16_000));
        encoder.SampleRateHz.ShouldBe(decoder.SampleRateHz);
        var rateHz = encoder.SampleRateHz;
        var samples = Signals.Sine(rateHz, 800, 400);
        var output = new short[samples.Length];
        var payload = new byte[1275];
        for (var i = 0; i < samples.Length; i += rateHz / 50)
        {
            var length = encoder.Encode(samples.AsSpan(i, rateHz / 50), payload);
            length.ShouldBeInRange(1, encoder.BytesMax(rateHz / 50));
            decoder.SamplesIn(payload.AsSpan(0, length)).ShouldBe(rateHz / 50);
            decoder.Decode(payload.AsSpan(0, length), output.AsSpan(i)).ShouldBe(rateHz / 50);
        }
        var level = Signals.Amplitude(output.AsSpan(rateHz / 5), rateHz, 800);
        Signals.Decibels(level / 10_000).ShouldBeInRange(-1.5, 1.5);
        pool.Return(decoder);
        pool.Return(encoder);
    }

    [Fact]
    public void L16_OnTheWire_HasItsHighByteFirst()
    {
        using var encoder = new L16Encoder(AudioCodec.L16Narrow);
        using var decoder = new L16Decoder(AudioCodec.L16Narrow);
        var payload = new byte[4];
        encoder.Encode([0x1234, -2], payload).ShouldBe(4);
        payload.ShouldBe([0x12, 0x34, 0xff, 0xfe]);
        var samples = new short[2];
        decoder.Decode(payload, samples).ShouldBe(2);
        samples.ShouldBe([(short)0x1234, (short)-2]);
        decoder.Decode([1, 2, 3], samples).ShouldBe(0);
    }

    [Theory]
    [InlineData("PCMU", 8000, 1, AudioCodec.Pcmu)]
    [InlineData("pcma", 8000, 1, AudioCodec.Pcma)]
    [InlineData("G722", 8000, 1, AudioCodec.G722)]
    [InlineData("G722", 16_000, 1, AudioCodec.None)]
    [InlineData("OPUS", 48_000, 2, AudioCodec.Opus)]
    [InlineData("opus", 48_000, 1, AudioCodec.None)]
    [InlineData("L16", 16_000, 1, AudioCodec.L16Wide)]
    [InlineData("L16", 44_100, 2, AudioCodec.None)]
    [InlineData("telephone-event", 48_000, 1, AudioCodec.Event48)]
    [InlineData("CN", 8000, 1, AudioCodec.ComfortNoise)]
    [InlineData("G729", 8000, 1, AudioCodec.None)]
    public void Name_OfAFormat_IsFound(string name, int clockRateHz, int channels, AudioCodec expected) =>
        AudioCodecs.Find(System.Text.Encoding.ASCII.GetBytes(name), clockRateHz, channels).ShouldBe(expected);
}
