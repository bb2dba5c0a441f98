using CallTracker.Media.Codecs;

namespace CallTracker.Media.Tests.Codecs;

/// <summary>Ours against spandsp's, bit by bit, and what a stream of it must be able to bear.</summary>
public sealed class G722Tests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Encoder_OfEverySignal_GivesTheBytesOfSpanDsp(int seed)
    {
        var samples = Signals.Mixture(16_000, seed);
        using var encoder = new G722Encoder();
        var codes = new byte[samples.Length / 2];
        for (var i = 0; i < samples.Length; i += 320)
            encoder.Encode(samples.AsSpan(i, 320), codes.AsSpan(i / 2)).ShouldBe(160);
        codes.AsSpan().SequenceEqual(SpanDsp.EncodeG722(samples)).ShouldBeTrue();
    }

    [Fact]
    public void Decoder_OfEncodedSignals_GivesTheSamplesOfSpanDsp()
    {
        var codes = SpanDsp.EncodeG722(Signals.Mixture(16_000));
        ShouldBeThose(DecodeAll(codes), SpanDsp.DecodeG722(codes));
    }

    [Fact]
    public void Decoder_OfRandomBytes_GivesTheSamplesOfSpanDsp()
    {
        var codes = new byte[80_000];
        new Random(3).NextBytes(codes);
        ShouldBeThose(DecodeAll(codes), SpanDsp.DecodeG722(codes));
    }

    [Fact]
    public void Decoder_WhenReset_BeginsAnew()
    {
        using var decoder = new G722Decoder();
        var codes = SpanDsp.EncodeG722(Signals.Sine(16_000, 700, 100));
        var (first, second) = (new short[codes.Length * 2], new short[codes.Length * 2]);
        decoder.Decode(codes, first);
        decoder.Reset();
        decoder.Decode(codes, second);
        second.AsSpan().SequenceEqual(first).ShouldBeTrue();
    }

    [Fact]
    public void Codecs_WithoutRoom_WriteNothing()
    {
        using var encoder = new G722Encoder();
        using var decoder = new G722Decoder();
        encoder.Encode(new short[320], new byte[159]).ShouldBe(0);
        encoder.Encode(new short[3], new byte[9]).ShouldBe(0);
        decoder.Decode(new byte[160], new short[319]).ShouldBe(0);
    }

    // Where the filter's sum leaves 16 bits, spandsp wraps around and the standard's LIMIT, as ours, does not.
    private static void ShouldBeThose(short[] ours, short[] theirs)
    {
        ours.Length.ShouldBe(theirs.Length);
        var limited = 0;
        for (var i = 0; i < ours.Length; i++)
        {
            var isLimit = ours[i] is short.MinValue or short.MaxValue;
            if (isLimit) limited++;
            else ours[i].ShouldBe(theirs[i], $"sample {i}");
        }
        limited.ShouldBeLessThan(ours.Length / 5);
    }

    private static short[] DecodeAll(byte[] codes)
    {
        using var decoder = new G722Decoder();
        var samples = new short[codes.Length * 2];
        for (var i = 0; i < codes.Length; i += 160)
        {
            var count = Math.Min(160, codes.Length - i);
            decoder.Decode(codes.AsSpan(i, count), samples.AsSpan(i * 2)).ShouldBe(count * 2);
        }
        return samples;
    }
}
