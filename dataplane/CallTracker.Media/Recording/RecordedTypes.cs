using System.Runtime.InteropServices;

namespace CallTracker.Media.Recording;

/// <summary>
/// Which payload types of a stream mean what a recorder can use. The static types of RFC 3551 hold until the SDP says
/// otherwise. A plain value.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct RecordedTypes : IEquatable<RecordedTypes>
{
    private const byte None = 0xff;
    // One more than the type, so that the default value is "as RFC 3551 has it".
    private byte _pcmu;
    private byte _pcma;
    private byte _comfortNoise;
    private byte _event1;
    private byte _event2;
    private byte _event3;
    private byte _g722;
    private byte _opus;
    private byte _l16Narrow;
    private byte _l16Wide;

    /// <summary>Takes an a=rtpmap line.</summary>
    /// <param name="payloadType">Below 128.</param>
    /// <param name="name">The encoding's name.</param>
    /// <param name="clockRateHz">Its clock.</param>
    /// <param name="channels">1 when it names none.</param>
    public void Note(int payloadType, ReadOnlySpan<byte> name, int clockRateHz, int channels)
    {
        var type = (byte)(payloadType + 1);
        // A static type that the SDP gives another meaning, which nobody should and somebody does.
        Forget(payloadType);
        if (Is(name, "telephone-event"u8)) NoteEvent(type);
        else if (clockRateHz == 48_000 && channels == 2 && Is(name, "opus"u8)) _opus = type;
        else if (clockRateHz == 16_000 && channels == 1 && Is(name, "L16"u8)) _l16Wide = type;
        else if (clockRateHz == 8000 && channels == 1) NoteNarrow(type, name);
    }

    /// <summary>What a packet of this type holds.</summary>
    public readonly RecordedCodec CodecOf(byte payloadType)
    {
        var type = (byte)(payloadType + 1);
        if (type == OrStatic(_pcmu, 0)) return RecordedCodec.MuLaw;
        if (type == OrStatic(_pcma, 8)) return RecordedCodec.ALaw;
        if (type == OrStatic(_g722, 9)) return RecordedCodec.G722;
        if (type == OrStatic(_comfortNoise, 13)) return RecordedCodec.ComfortNoise;
        if (type == _opus) return RecordedCodec.Opus;
        if (type == _l16Narrow) return RecordedCodec.L16Narrow;
        if (type == _l16Wide) return RecordedCodec.L16Wide;
        return type == _event1 || type == _event2 || type == _event3 ? RecordedCodec.Event : RecordedCodec.Other;
    }

    public readonly bool Equals(RecordedTypes other) =>
        _pcmu == other._pcmu && _pcma == other._pcma && _comfortNoise == other._comfortNoise
        && _event1 == other._event1 && _event2 == other._event2 && _event3 == other._event3
        && _g722 == other._g722 && _opus == other._opus
        && _l16Narrow == other._l16Narrow && _l16Wide == other._l16Wide;

    public override readonly bool Equals(object? obj) => obj is RecordedTypes other && Equals(other);

    public override readonly int GetHashCode() =>
        HashCode.Combine(_pcmu, _pcma, _comfortNoise, _event1, _g722, _opus, _l16Narrow, _l16Wide);

    public static bool operator ==(RecordedTypes left, RecordedTypes right) => left.Equals(right);

    public static bool operator !=(RecordedTypes left, RecordedTypes right) => !left.Equals(right);

    // One of each clock rate (RFC 4733 section 2.1); three are more than anybody sends.
    private void NoteEvent(byte type)
    {
        if (_event1 == 0 || _event1 == type) _event1 = type;
        else if (_event2 == 0 || _event2 == type) _event2 = type;
        else _event3 = type;
    }

    private void NoteNarrow(byte type, ReadOnlySpan<byte> name)
    {
        if (Is(name, "PCMU"u8)) _pcmu = type;
        else if (Is(name, "PCMA"u8)) _pcma = type;
        else if (Is(name, "G722"u8)) _g722 = type;
        else if (Is(name, "L16"u8)) _l16Narrow = type;
        else if (Is(name, "CN"u8)) _comfortNoise = type;
    }

    private void Forget(int payloadType)
    {
        if (payloadType == 0 && _pcmu == 0) _pcmu = None;
        else if (payloadType == 8 && _pcma == 0) _pcma = None;
        else if (payloadType == 9 && _g722 == 0) _g722 = None;
        else if (payloadType == 13 && _comfortNoise == 0) _comfortNoise = None;
    }

    private static int OrStatic(byte noted, int payloadType) => noted == 0 ? payloadType + 1 : noted;

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted) =>
        System.Text.Ascii.EqualsIgnoreCase(name, wanted);
}
