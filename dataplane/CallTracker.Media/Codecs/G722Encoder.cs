namespace CallTracker.Media.Codecs;

/// <summary>
/// G.722 at 64 kbit/s (ITU-T G.722): two samples at 16 kHz become one byte, six bits for what is below 4 kHz and two
/// for what is above. Held to an implementation that passes the ITU's vectors bit by bit (spandsp, in the tests).
/// </summary>
internal sealed class G722Encoder : AudioEncoder
{
    private const int RateHz = 16_000;
    private const int Intervals = 30;
    private const int HighDecision = 564;
    private readonly G722Filter _filter = new();
    private G722Band _low = G722Band.Low();
    private G722Band _high = G722Band.High();

    public G722Encoder()
        : base(AudioCodec.G722, RateHz)
    {
    }

    public override int BytesMax(int samples) => samples / 2;

    public override int Encode(ReadOnlySpan<short> samples, Span<byte> payload)
    {
        var count = samples.Length / 2;
        if (count > payload.Length || samples.Length % 2 != 0) return 0;
        for (var i = 0; i < count; i++)
        {
            _filter.Push(samples[2 * i], samples[(2 * i) + 1]);
            _filter.Split(out var low, out var high);
            payload[i] = (byte)((EncodeHigh(high) << 6) | EncodeLow(low));
        }
        return count;
    }

    public override void Reset()
    {
        (_low, _high) = (G722Band.Low(), G722Band.High());
        _filter.Clear();
    }

    // SUBTRA, QUANTL
    private int EncodeLow(int sample)
    {
        var difference = Saturate(sample - _low.Predicted);
        var interval = IntervalOf(difference >= 0 ? difference : -(difference + 1));
        var code = difference < 0 ? G722Tables.Iln[interval] : G722Tables.Ilp[interval];
        _low.AdaptLow(code >> 2);
        return code;
    }

    // 1 for the smallest; decision levels grow, so the half where it lies is looked for.
    private int IntervalOf(int magnitude)
    {
        int below = 1, above = Intervals;
        while (below < above)
        {
            var middle = (below + above) / 2;
            if (magnitude < (G722Tables.Q6[middle] * _low.Scale) >> 12) above = middle;
            else below = middle + 1;
        }
        return below;
    }

    // SUBTRA, QUANTH
    private int EncodeHigh(int sample)
    {
        var difference = Saturate(sample - _high.Predicted);
        var magnitude = difference >= 0 ? difference : -(difference + 1);
        var isLarge = magnitude >= (HighDecision * _high.Scale) >> 12;
        var code = difference < 0 ? (isLarge ? 0 : 1) : (isLarge ? 2 : 3);
        _high.AdaptHigh(code);
        return code;
    }

    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);
}
