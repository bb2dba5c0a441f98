namespace CallTracker.Media.Codecs;

/// <summary>
/// G.711 companding of 16-bit linear samples, as ITU-T G.191 does it (RFC 3551 sections 4.5.14: PCMU, PCMA). Stateless;
/// decoding goes through tables made at start.
/// </summary>
public static class G711
{
    private const int MuLawBias = 132;
    private const int MuLawMax = 32_635;
    private static readonly short[] FromMuLawTable = MakeDecoder(DecodeMuLaw);
    private static readonly short[] FromALawTable = MakeDecoder(DecodeALaw);

    /// <summary>μ-law, all bits inverted.</summary>
    public static byte ToMuLaw(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuLawMax) + MuLawBias;
        var exponent = 7;
        while (exponent > 0 && (magnitude & (0x80 << exponent)) == 0) exponent--;
        var mantissa = (magnitude >> (exponent + 3)) & 0x0f;
        return (byte)~(sign | (exponent << 4) | mantissa);
    }

    /// <summary>A-law, even bits inverted.</summary>
    public static byte ToALaw(short sample)
    {
        var sign = sample >= 0 ? 0x80 : 0;
        var magnitude = sample >= 0 ? sample : -(sample + 1);
        var exponent = 7;
        while (exponent > 0 && (magnitude & (0x80 << exponent)) == 0) exponent--;
        var mantissa = (magnitude >> (exponent == 0 ? 4 : exponent + 3)) & 0x0f;
        return (byte)((sign | (exponent << 4) | mantissa) ^ 0x55);
    }

    /// <summary>The 16-bit sample in the middle of a μ-law code's interval.</summary>
    public static short FromMuLaw(byte code) => FromMuLawTable[code];

    /// <summary>The 16-bit sample in the middle of an A-law code's interval.</summary>
    public static short FromALaw(byte code) => FromALawTable[code];

    /// <summary>Decodes a frame of μ-law; as many samples as both spans have room for.</summary>
    /// <returns>Samples written.</returns>
    public static int DecodeMuLaw(ReadOnlySpan<byte> codes, Span<short> samples) =>
        Decode(FromMuLawTable, codes, samples);

    /// <summary>Decodes a frame of A-law; as many samples as both spans have room for.</summary>
    /// <returns>Samples written.</returns>
    public static int DecodeALaw(ReadOnlySpan<byte> codes, Span<short> samples) =>
        Decode(FromALawTable, codes, samples);

    private static int Decode(short[] table, ReadOnlySpan<byte> codes, Span<short> samples)
    {
        var count = Math.Min(codes.Length, samples.Length);
        for (var i = 0; i < count; i++) samples[i] = table[codes[i]];
        return count;
    }

    private static short[] MakeDecoder(Func<int, int> decode)
    {
        var table = new short[256];
        for (var code = 0; code < table.Length; code++) table[code] = (short)decode(code);
        return table;
    }

    private static int DecodeMuLaw(int code)
    {
        var bits = ~code;
        var magnitude = ((((bits & 0x0f) << 3) + MuLawBias) << ((bits & 0x70) >> 4)) - MuLawBias;
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }

    private static int DecodeALaw(int code)
    {
        var bits = code ^ 0x55;
        var exponent = (bits & 0x70) >> 4;
        var magnitude = ((bits & 0x0f) << 4) + 8;
        if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }
}
