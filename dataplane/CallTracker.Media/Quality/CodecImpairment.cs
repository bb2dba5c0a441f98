using System.Text;

namespace CallTracker.Media.Quality;

/// <summary>
/// What a codec costs in the E-model: planning values of ITU-T G.113 appendix I. Where a codec is not in it, the value
/// taken is said below.
/// </summary>
/// <param name="Ie">Equipment impairment without loss.</param>
/// <param name="Bpl">Packet-loss robustness; higher suffers less. More than 0.</param>
public readonly record struct CodecImpairment(float Ie, float Bpl)
{
    /// <summary>
    /// G.711 with packet loss concealment (G.711 appendix I), which gateways and phones have today; without it Bpl
    /// would be 4.3.
    /// </summary>
    public static CodecImpairment G711 { get; } = new(0, 25.1f);

    /// <summary>By the encoding name of a=rtpmap, in any case.</summary>
    public static CodecImpairment Of(ReadOnlySpan<byte> encodingName)
    {
        if (Is(encodingName, "G729"u8)) return new(11, 19);
        if (Is(encodingName, "G723"u8)) return new(15, 16.1f);
        if (Is(encodingName, "GSM-EFR"u8)) return new(5, 10);
        // AMR at 12.2 kbit/s is GSM-EFR.
        if (Is(encodingName, "AMR"u8)) return new(5, 10);
        // G.113 gives GSM full rate no Bpl; that of GSM-EFR is taken.
        if (Is(encodingName, "GSM"u8)) return new(20, 10);
        // G.722, Opus, AMR-WB and what is not known: the narrow-band scale ends at G.711 and G.113 gives them no values
        // on it, so they count as G.711 with concealment, which they are no worse than.
        return G711;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> other) =>
        Ascii.EqualsIgnoreCase(name, other);
}
