namespace CallTracker.Media.Codecs;

/// <summary>
/// G.722 at 64 kbit/s (ITU-T G.722, mode 1): one byte becomes two samples at 16 kHz. Held to an implementation that
/// passes the ITU's vectors bit by bit (spandsp, in the tests).
/// </summary>
internal sealed class G722Decoder : AudioDecoder
{
    private const int RateHz = 16_000;
    private const int LimitMax = 16_383;
    private const int LimitMin = -16_384;
    private readonly G722Filter _filter = new();
    private G722Band _low = G722Band.Low();
    private G722Band _high = G722Band.High();

    public G722Decoder()
        : base(AudioCodec.G722, RateHz)
    {
    }

    public override int SamplesIn(ReadOnlySpan<byte> payload) => payload.Length * 2;

    public override int Decode(ReadOnlySpan<byte> payload, Span<short> samples)
    {
        if (payload.Length * 2 > samples.Length) return 0;
        for (var i = 0; i < payload.Length; i++)
        {
            int low = payload[i] & 0x3f, high = payload[i] >> 6;
            var lowOut = DecodeLow(low);
            var highOut = DecodeHigh(high);
            _filter.Push(lowOut + highOut, lowOut - highOut);
            _filter.Merge(out samples[2 * i], out samples[(2 * i) + 1]);
        }
        return payload.Length * 2;
    }

    public override void Reset()
    {
        (_low, _high) = (G722Band.Low(), G722Band.High());
        _filter.Clear();
    }

    private int DecodeLow(int code)
    {
        var output = _low.Predicted + ((_low.Scale * G722Tables.Qm6[code]) >> 15);
        _low.AdaptLow(code >> 2);
        return Math.Clamp(output, LimitMin, LimitMax);
    }

    private int DecodeHigh(int code)
    {
        var predicted = _high.Predicted;
        return Math.Clamp(predicted + _high.AdaptHigh(code), LimitMin, LimitMax);
    }
}
