using System.Text;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// The telephone-event formats of a description's relayed audio stream: reads them, and writes the description with
/// others in their place. Everything else passes byte for byte. Stateless.
/// </summary>
public static class TelephoneEventSdp
{
    private const int PayloadTypes = 128;
    private const int DynamicFirst = 96;
    // What most use for it.
    private const int UsualType = 101;

    private static ReadOnlySpan<byte> Name => "telephone-event"u8;

    /// <summary>The formats that the description has.</summary>
    public static TelephoneEventSet Read(SdpView source)
    {
        var found = default(TelephoneEventSet);
        if (source.AudioIndex < 0) return found;
        var formats = source.Formats(source.AudioIndex);
        while (SdpFormats.TryTake(ref formats, out var type))
        {
            if (IsEvent(source, type, out var clockHz)) found = found.With((byte)type, clockHz);
        }
        return found;
    }

    /// <summary>
    /// What an offer lacks: a format of the clock of each of its codecs, under a payload type that it does not use.
    /// </summary>
    /// <param name="source">The offer.</param>
    /// <param name="has">The formats it has.</param>
    public static TelephoneEventSet ReadMissing(SdpView source, in TelephoneEventSet has)
    {
        var missing = default(TelephoneEventSet);
        if (source.AudioIndex < 0) return missing;
        Span<bool> used = stackalloc bool[PayloadTypes];
        var formats = source.Formats(source.AudioIndex);
        while (SdpFormats.TryTake(ref formats, out var type))
        {
            if (type >= 0) used[type] = true;
        }
        formats = source.Formats(source.AudioIndex);
        while (SdpFormats.TryTake(ref formats, out var type))
        {
            if (type < 0 || !source.TryFindFormat(source.AudioIndex, type, out _, out var clockHz)) continue;
            if (HasClock(has, clockHz) || HasClock(missing, clockHz) || clockHz > ushort.MaxValue) continue;
            if (!TryFindFree(used, out var free)) break;
            missing = missing.With((byte)free, clockHz);
        }
        return missing;
    }

    /// <summary>True when a set has a format of this clock.</summary>
    public static bool HasClock(in TelephoneEventSet set, int clockHz)
    {
        var place = set.Choose(clockHz);
        return place >= 0 && set.ClockHzAt(place) == clockHz;
    }

    /// <summary>Writes the description with these formats alone.</summary>
    /// <param name="source">A view that parsed as Ok.</param>
    /// <param name="wanted">What it is to have.</param>
    /// <param name="destination">Where to; the source's length and 300 bytes more are enough.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when it has just these already, or does not fit.</returns>
    public static bool TryWrite(SdpView source, in TelephoneEventSet wanted, Span<byte> destination, out int length)
    {
        length = 0;
        if (source.AudioIndex < 0 || Read(source) == wanted) return false;
        var output = new SdpOutput(destination);
        var lines = new SdpLineReader(source.Text);
        var stream = -1;
        while (lines.TryNext())
        {
            if (lines.Type == 'm') BeginStream(source, ref stream, wanted, ref output);
            if (lines.Type == 'm' && stream == source.AudioIndex) WriteMediaLine(source, wanted, ref output);
            else if (stream != source.AudioIndex || !IsOfRemoved(source, lines, wanted))
                SdpFormats.Pass(source, lines, ref output);
        }
        BeginStream(source, ref stream, wanted, ref output);
        length = output.HasOverflowed ? 0 : output.Length;
        return length > 0;
    }

    private static bool IsEvent(SdpView source, int type, out int clockHz)
    {
        clockHz = 0;
        return type >= 0 && source.TryFindFormat(source.AudioIndex, type, out var name, out clockHz)
            && Ascii.EqualsIgnoreCase(name, Name);
    }

    private static bool TryFindFree(Span<bool> used, out int type)
    {
        type = UsualType;
        for (var candidate = DynamicFirst; used[type] && candidate < PayloadTypes; candidate++) type = candidate;
        var isFree = !used[type];
        used[type] = true;
        return isFree;
    }

    // The formats that were added are described at the end of the stream's lines.
    private static void BeginStream(
        SdpView source, ref int stream, in TelephoneEventSet wanted, ref SdpOutput output)
    {
        if (stream++ != source.AudioIndex || source.AudioIndex < 0) return;
        var has = Read(source);
        for (var i = 0; i < wanted.Count; i++)
        {
            if (!Holds(has, wanted.TypeAt(i), wanted.ClockHzAt(i)))
                WriteFormat(wanted.TypeAt(i), (ulong)wanted.ClockHzAt(i), ref output);
        }
    }

    // a=rtpmap:101 telephone-event/8000        a=fmtp:101 0-15
    private static void WriteFormat(ulong type, ulong clockHz, ref SdpOutput output)
    {
        output.Append("a=rtpmap:"u8);
        output.Append(type);
        output.Append(" telephone-event/"u8);
        output.Append(clockHz);
        output.EndLine();
        output.Append("a=fmtp:"u8);
        output.Append(type);
        output.Append(" 0-15"u8);
        output.EndLine();
    }

    // m=<media> <port> <proto> <formats>
    private static void WriteMediaLine(SdpView source, in TelephoneEventSet wanted, ref SdpOutput output)
    {
        var index = source.AudioIndex;
        var formats = source.Formats(index);
        output.Append("m="u8);
        output.Append(source.MediaType(index));
        output.Append(" "u8);
        output.Append(source.Audio.Port);
        output.Append(" "u8);
        output.Append(source.Protocol(index));
        while (SdpFormats.TryTake(ref formats, out var type))
        {
            if (type < 0 || IsEvent(source, type, out _)) continue;
            output.Append(" "u8);
            output.Append((ulong)type);
        }
        for (var i = 0; i < wanted.Count; i++)
        {
            output.Append(" "u8);
            output.Append(wanted.TypeAt(i));
        }
        output.EndLine();
    }

    private static bool IsOfRemoved(SdpView source, in SdpLineReader line, in TelephoneEventSet wanted)
    {
        var type = SdpFormats.FormatOf(line, source.Text);
        return type >= 0 && IsEvent(source, type, out var clockHz) && !Holds(wanted, (byte)type, clockHz);
    }

    private static bool Holds(in TelephoneEventSet set, byte type, int clockHz) =>
        set.TryFindClock(type, out var its) && its == clockHz;
}
