using System.Text;

namespace CallTracker.Media.Sdp;

/// <summary>
/// Leaves out the formats of the relayed audio stream that are not allowed, with their a=rtpmap, a=fmtp and a=rtcp-fb.
/// telephone-event and comfort noise go with any codec, and so stay as long as one is left. Everything else passes byte
/// for byte. Stateless.
/// </summary>
public static class CodecFilter
{
    private const int PayloadTypes = 128;

    /// <summary>Writes the SDP without what is not allowed.</summary>
    /// <param name="source">A view that parsed as Ok.</param>
    /// <param name="allowed">Encoding names in lower case.</param>
    /// <param name="destination">Where to write; the source's length is enough.</param>
    /// <param name="length">Bytes written; 0 unless the result is Reduced.</param>
    public static CodecFilterResult Write(
        SdpView source, ReadOnlySpan<byte[]> allowed, Span<byte> destination, out int length)
    {
        length = 0;
        Span<bool> kept = stackalloc bool[PayloadTypes];
        var result = Choose(source, allowed, kept);
        if (result != CodecFilterResult.Reduced) return result;
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        var stream = -1;
        while (lines.TryNext())
        {
            if (lines.Type == 'm') stream++;
            if (stream != source.AudioIndex) Pass(source, lines, ref output);
            else if (lines.Type == 'm') WriteMediaLine(source, kept, ref output);
            else if (!IsOfRemoved(lines, source.Text, kept)) Pass(source, lines, ref output);
        }
        if (output.HasOverflowed) return CodecFilterResult.Overflow;
        length = output.Length;
        return CodecFilterResult.Reduced;
    }

    private static CodecFilterResult Choose(SdpView source, ReadOnlySpan<byte[]> allowed, Span<bool> kept)
    {
        if (source.AudioIndex < 0) return CodecFilterResult.NoneLeft;
        var formats = source.Formats(source.AudioIndex);
        var (codecs, removed) = (0, 0);
        while (TryTakeFormat(ref formats, out var type))
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

    // m=<media> <port> <proto> <formats>
    private static void WriteMediaLine(SdpView source, scoped ReadOnlySpan<bool> kept, ref SdpOutput output)
    {
        var index = source.AudioIndex;
        var formats = source.Formats(index);
        output.Append("m="u8);
        output.Append(source.MediaType(index));
        output.Append(" "u8);
        output.Append(source.Audio.Port);
        output.Append(" "u8);
        output.Append(source.Protocol(index));
        while (TryTakeFormat(ref formats, out var type))
        {
            if (type < 0 || !kept[type]) continue;
            output.Append(" "u8);
            output.Append((ulong)type);
        }
        output.EndLine();
    }

    private static bool IsOfRemoved(in SdpLineReader line, ReadOnlySpan<byte> text, ReadOnlySpan<bool> kept)
    {
        var type = FormatOf(line, text);
        return type >= 0 && !kept[type];
    }

    /// <summary>The payload type that a line describes; -1 for other lines.</summary>
    // a=rtpmap:<fmt> …, a=fmtp:<fmt> …, a=rtcp-fb:<fmt> …
    internal static int FormatOf(in SdpLineReader line, ReadOnlySpan<byte> text)
    {
        if (line.Type != 'a') return -1;
        var value = line.Value.Of(text);
        var isOfFormat = value.StartsWith("rtpmap:"u8) || value.StartsWith("fmtp:"u8) || value.StartsWith("rtcp-fb:"u8);
        if (!isOfFormat) return -1;
        var rest = value[(value.IndexOf((byte)':') + 1)..];
        var end = rest.IndexOf((byte)' ');
        return SdpAttribute.FirstPayloadType(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Takes the next format off the list of an m= line; -1 for one that is no payload type.</summary>
    internal static bool TryTakeFormat(ref ReadOnlySpan<byte> formats, out int type)
    {
        type = -1;
        formats = formats.TrimStart((byte)' ');
        if (formats.IsEmpty) return false;
        var end = formats.IndexOf((byte)' ');
        type = SdpAttribute.FirstPayloadType(end < 0 ? formats : formats[..end]);
        formats = end < 0 ? default : formats[end..];
        return true;
    }

    /// <summary>Copies a line as it is.</summary>
    internal static void Pass(SdpView source, in SdpLineReader lines, ref SdpOutput output)
    {
        var whole = lines.Whole.Of(source.Text);
        output.Append(whole);
        if (whole[^1] != '\n') output.EndLine();
    }
}
