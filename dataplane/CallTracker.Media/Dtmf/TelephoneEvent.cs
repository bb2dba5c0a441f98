using System.Buffers.Binary;

namespace CallTracker.Media.Dtmf;

/// <summary>The payload of a telephone-event packet (RFC 4733 section 2.3).</summary>
/// <param name="Code">0 to 15 are keys (<see cref="DtmfKey"/>), others are flash, tones and the like.</param>
/// <param name="IsEnd">The event is over.</param>
/// <param name="Volume">Level of the tone in -dBm0, 0 to 63.</param>
/// <param name="Duration">How long it has lasted since the packet's timestamp, in units of that clock.</param>
public readonly record struct TelephoneEvent(byte Code, bool IsEnd, byte Volume, ushort Duration)
{
    public const int Length = 4;
    /// <summary>Of the tones we make and of events for them: -7 dBm0.</summary>
    public const byte DefaultVolume = 7;

    //  0                   1                   2                   3
    // |     event     |E|R| volume    |          duration             |

    /// <summary>Reads a payload; of several events in one only the first. False when it is too short.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out TelephoneEvent value)
    {
        value = default;
        if (payload.Length < Length) return false;
        var duration = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        value = new TelephoneEvent(payload[0], (payload[1] & 0x80) != 0, (byte)(payload[1] & 0x3f), duration);
        return true;
    }

    /// <summary>Writes the payload's four bytes.</summary>
    public void Write(Span<byte> payload)
    {
        payload[0] = Code;
        payload[1] = (byte)((IsEnd ? 0x80 : 0) | (Volume & 0x3f));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], Duration);
    }
}
