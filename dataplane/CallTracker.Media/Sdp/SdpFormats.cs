using System.Text;
using CallTracker.Media.Codecs;

namespace CallTracker.Media.Sdp;

/// <summary>
/// The formats of the relayed audio stream: reads their list, and writes an SDP with other ones. Everything else passes
/// byte for byte. Stateless.
/// </summary>
internal static class SdpFormats
{
    public const int PayloadTypes = 128;

    /// <summary>
    /// Formats whose meaning is looked at: an SDP of the longest kind could name thousands, each of which is looked for
    /// in all its lines.
    /// </summary>
    public const int ReadMax = 32;

    /// <summary>The next payload type of a list; -1 for a format that is none. False at its end.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> formats, out int type)
    {
        type = -1;
        formats = formats.TrimStart((byte)' ');
        if (formats.IsEmpty) return false;
        var end = formats.IndexOf((byte)' ');
        type = SdpAttribute.FirstPayloadType(end < 0 ? formats : formats[..end]);
        formats = end < 0 ? default : formats[end..];
        return true;
    }

    /// <summary>What a payload type of the relayed stream means to us.</summary>
    public static AudioCodec CodecOf(SdpView sdp, int type) =>
        type >= 0 && sdp.TryFindFormat(sdp.AudioIndex, type, out var name, out var clockRateHz, out var channels)
            ? AudioCodecs.Find(name, clockRateHz, channels)
            : AudioCodec.None;

    /// <summary>True for a codec that is none of ours; not for what goes beside codecs, of whatever clock.</summary>
    public static bool IsOtherCodec(SdpView sdp, int type)
    {
        if (type < 0 || !sdp.TryFindFormat(sdp.AudioIndex, type, out var name, out _)) return false;
        var isCompanion = Ascii.EqualsIgnoreCase(name, "telephone-event"u8)
            || Ascii.EqualsIgnoreCase(name, "CN"u8)
            || Ascii.EqualsIgnoreCase(name, "red"u8);
        return !isCompanion && CodecOf(sdp, type) == AudioCodec.None;
    }

    /// <summary>
    /// Writes the SDP with those formats of the relayed stream that are kept, in their order and with their a=rtpmap,
    /// a=fmtp and a=rtcp-fb, and others behind them.
    /// </summary>
    /// <param name="source">A view that parsed as Ok.</param>
    /// <param name="kept">By payload type.</param>
    /// <param name="added">What comes behind, in order.</param>
    /// <param name="numbers">The payload types of those.</param>
    /// <param name="destination">Where to write; the source's length and 60 bytes for each added are enough.</param>
    /// <param name="length">Bytes written; 0 when there is no room.</param>
    public static bool TryWrite(
        SdpView source, scoped ReadOnlySpan<bool> kept, scoped ReadOnlySpan<AudioCodec> added,
        in AudioFormats numbers, Span<byte> destination, out int length)
    {
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        var stream = -1;
        while (lines.TryNext())
        {
            if (lines.Type == 'm')
            {
                if (stream == source.AudioIndex) Describe(added, numbers, ref output);
                stream++;
            }
            if (stream != source.AudioIndex) Pass(source, lines, ref output);
            else if (lines.Type == 'm') WriteMediaLine(source, kept, added, numbers, ref output);
            else if (!IsOfRemoved(lines, source.Text, kept)) Pass(source, lines, ref output);
        }
        if (stream == source.AudioIndex) Describe(added, numbers, ref output);
        length = output.HasOverflowed ? 0 : output.Length;
        return !output.HasOverflowed;
    }

    // m=<media> <port> <proto> <formats>
    private static void WriteMediaLine(
        SdpView source, scoped ReadOnlySpan<bool> kept, scoped ReadOnlySpan<AudioCodec> added,
        in AudioFormats numbers, ref SdpOutput output)
    {
        var index = source.AudioIndex;
        var formats = source.Formats(index);
        output.Append("m="u8);
        output.Append(source.MediaType(index));
        output.Append(" "u8);
        output.Append(source.Audio.Port);
        output.Append(" "u8);
        output.Append(source.Protocol(index));
        while (TryTake(ref formats, out var type))
        {
            if (type < 0 || !kept[type]) continue;
            output.Append(" "u8);
            output.Append((ulong)type);
        }
        foreach (var codec in added)
        {
            output.Append(" "u8);
            output.Append((ulong)numbers.TypeOf(codec));
        }
        output.EndLine();
    }

    // a=rtpmap:<payload type> <encoding name>/<clock rate>[/<channels>]
    private static void Describe(
        scoped ReadOnlySpan<AudioCodec> added, in AudioFormats numbers, ref SdpOutput output)
    {
        foreach (var codec in added)
        {
            var type = (ulong)numbers.TypeOf(codec);
            output.Append("a=rtpmap:"u8);
            output.Append(type);
            output.Append(" "u8);
            output.Append(AudioCodecs.Name(codec));
            output.Append("/"u8);
            output.Append((ulong)AudioCodecs.ClockRateHz(codec));
            if (AudioCodecs.Channels(codec) > 1) output.Append("/2"u8);
            output.EndLine();
            WriteParameters(codec, type, ref output);
        }
    }

    // a=fmtp:<payload type> <parameters>: RFC 4733 section 2.4.1, the digits and no tones; RFC 7587 section 6.1.
    private static void WriteParameters(AudioCodec codec, ulong type, ref SdpOutput output)
    {
        if (codec != AudioCodec.Opus && !AudioCodecs.IsEvent(codec)) return;
        output.Append("a=fmtp:"u8);
        output.Append(type);
        output.Append(codec == AudioCodec.Opus ? " useinbandfec=1"u8 : " 0-15"u8);
        output.EndLine();
    }

    private static bool IsOfRemoved(
        in SdpLineReader line, ReadOnlySpan<byte> text, scoped ReadOnlySpan<bool> kept)
    {
        var type = FormatOf(line, text);
        return type >= 0 && !kept[type];
    }

    /// <summary>The payload type that a line describes; -1 for other lines.</summary>
    // a=rtpmap:<fmt> …, a=fmtp:<fmt> …, a=rtcp-fb:<fmt> …
    public static int FormatOf(in SdpLineReader line, ReadOnlySpan<byte> text)
    {
        if (line.Type != 'a') return -1;
        var value = line.Value.Of(text);
        var isOfFormat = value.StartsWith("rtpmap:"u8) || value.StartsWith("fmtp:"u8) || value.StartsWith("rtcp-fb:"u8);
        if (!isOfFormat) return -1;
        var rest = value[(value.IndexOf((byte)':') + 1)..];
        var end = rest.IndexOf((byte)' ');
        return SdpAttribute.FirstPayloadType(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Copies a line as it is.</summary>
    public static void Pass(SdpView source, in SdpLineReader lines, ref SdpOutput output)
    {
        var whole = lines.Whole.Of(source.Text);
        output.Append(whole);
        if (whole[^1] != '\n') output.EndLine();
    }
}
