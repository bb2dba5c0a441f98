using System.Text;

namespace CallTracker.Media.Sdp;

/// <summary>
/// Leaves out the formats of the relayed audio stream that are not allowed, with their a=rtpmap, a=fmtp and a=rtcp-fb.
/// telephone-event and comfort noise go with any codec, and so stay as long as one is left. Everything else passes byte
/// for byte. Stateless.
/// </summary>
public static class CodecFilter
{
    /// <summary>Writes the SDP without what is not allowed.</summary>
    /// <param name="source">A view that parsed as Ok.</param>
    /// <param name="allowed">Encoding names in lower case.</param>
    /// <param name="destination">Where to write; the source's length is enough.</param>
    /// <param name="length">Bytes written; 0 unless the result is Reduced.</param>
    public static CodecFilterResult Write(
        SdpView source, ReadOnlySpan<byte[]> allowed, Span<byte> destination, out int length)
    {
        length = 0;
        Span<bool> kept = stackalloc bool[SdpFormats.PayloadTypes];
        var result = Choose(source, allowed, kept);
        if (result != CodecFilterResult.Reduced) return result;
        return SdpFormats.TryWrite(source, kept, default, default, destination, out length)
            ? CodecFilterResult.Reduced
            : CodecFilterResult.Overflow;
    }

    /// <summary>Says which payload types of the relayed stream are allowed.</summary>
    /// <param name="source">A view that parsed as Ok.</param>
    /// <param name="allowed">Encoding names in lower case.</param>
    /// <param name="kept">By payload type; 128, and false as yet.</param>
    internal static CodecFilterResult Choose(SdpView source, ReadOnlySpan<byte[]> allowed, Span<bool> kept)
    {
        if (source.AudioIndex < 0) return CodecFilterResult.NoneLeft;
        var formats = source.Formats(source.AudioIndex);
        var (codecs, removed) = (0, 0);
        while (SdpFormats.TryTake(ref formats, out var type))
        {
            ReadOnlySpan<byte> name = default;
            var isKnown = type >= 0 && source.TryFindFormat(source.AudioIndex, type, out name, out _);
            var isCompanion = isKnown && (IsName(name, "telephone-event"u8) || IsName(name, "cn"u8));
            var isKept = isKnown && (isCompanion || IsAllowed(name, allowed));
            if (isKept) kept[type] = true;
            if (isKept && !isCompanion) codecs++;
            if (!isKept) removed++;
        }
        if (codecs == 0) return CodecFilterResult.NoneLeft;
        return removed == 0 ? CodecFilterResult.AllKept : CodecFilterResult.Reduced;
    }

    private static bool IsAllowed(ReadOnlySpan<byte> name, ReadOnlySpan<byte[]> allowed)
    {
        foreach (var codec in allowed)
        {
            if (IsName(name, codec)) return true;
        }
        return false;
    }

    // Encoding names are compared without regard to case (RFC 4855 section 3).
    private static bool IsName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) =>
        Ascii.EqualsIgnoreCase(name, lower);
}
