namespace CallTracker.EndToEnd.Tests.Recording;

/// <summary>
/// G.711 and Goertzel as the recommendations describe them, apart from the product's own: a witness. Stateless.
/// </summary>
internal static class ToneCodec
{
    public const int RateHz = 8000;

    /// <summary>A tone as A-law, from a place of its own time on.</summary>
    public static byte[] ALawTone(int hz, long firstSample, int count)
    {
        var codes = new byte[count];
        for (var i = 0; i < count; i++)
            codes[i] = ToALaw((int)(8000 * Math.Sin(2 * Math.PI * hz * (firstSample + i) / RateHz)));
        return codes;
    }

    // G.711 table 1: sign, exponent, mantissa of 13 bits, even bits inverted.
    public static byte ToALaw(int sample)
    {
        var sign = sample >= 0 ? 0x80 : 0;
        // 12 bits: segment 0 and 1 have steps of 1, each further one of twice as much.
        var magnitude = Math.Min(Math.Abs(sample) >> 4, 2047);
        var exponent = 0;
        while (exponent < 7 && magnitude >= 16 << exponent) exponent++;
        var mantissa = exponent == 0 ? magnitude : magnitude >> (exponent - 1);
        return (byte)((sign | (exponent << 4) | (mantissa & 0x0f)) ^ 0x55);
    }

    public static short FromMuLaw(byte code)
    {
        var bits = ~code & 0xff;
        var magnitude = ((((bits & 0x0f) << 3) + 132) << ((bits & 0x70) >> 4)) - 132;
        return (short)((bits & 0x80) != 0 ? -magnitude : magnitude);
    }

    /// <summary>The power of a tone as a share of all power.</summary>
    public static double Share(IReadOnlyList<short> sound, int hz)
    {
        var (all, before, last) = (0.0, 0.0, 0.0);
        var factor = 2 * Math.Cos(2 * Math.PI * hz / RateHz);
        foreach (var sample in sound)
        {
            all += (double)sample * sample;
            (before, last) = (last, sample + (factor * last) - before);
        }
        var power = (before * before) + (last * last) - (factor * before * last);
        return all == 0 ? 0 : 2 * power / (sound.Count * all);
    }
}
