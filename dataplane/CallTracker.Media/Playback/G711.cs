namespace CallTracker.Media.Playback;

/// <summary>G.711 companding of 16-bit linear samples, as ITU-T G.191 does it. Stateless; used at start only.</summary>
public static class G711
{
    private const int MuLawBias = 132;
    private const int MuLawMax = 32_635;

    /// <summary>μ-law (RFC 3551: PCMU), all bits inverted.</summary>
    public static byte ToMuLaw(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuLawMax) + MuLawBias;
        var exponent = 7;
        while (exponent > 0 && (magnitude & (0x80 << exponent)) == 0) exponent--;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0f;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    /// <summary>A-law (RFC 3551: PCMA), even bits inverted.</summary>
    public static byte ToALaw(short sample)
    {
        var sign = sample >= 0 ? 0x80 : 0;
        var magnitude = sample >= 0 ? sample : -(sample + 1);
        var exponent = 7;
        while (exponent > 0 && (magnitude & (0x80 << exponent)) == 0) exponent--;
        var mantissa = (magnitude >> (exponent == 0 ? 4 : exponent + 3)) & 0x0f;
        return (byte)((sign | (exponent << 4) | mantissa) ^ 0x55);
    }
}
