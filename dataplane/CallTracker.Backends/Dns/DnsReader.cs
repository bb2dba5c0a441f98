using System.Buffers.Binary;
using System.Text;

namespace CallTracker.Backends.Dns;

/// <summary>
/// Walks over a DNS message. Every step is bounded by the message; a name may be at most 255 bytes, and each of its
/// pointers must lead further back than the one before, so that no message can make it go in circles.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int WireLengthMax = 255;
    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Where the next read begins.</summary>
    public int Position { get; private set; }

    public bool TryByte(out byte value)
    {
        value = 0;
        if (Position >= _message.Length) return false;
        value = _message[Position++];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        value = 0;
        if (_message.Length - Position < 2) return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(_message[Position..]);
        Position += 2;
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        value = 0;
        if (_message.Length - Position < 4) return false;
        value = BinaryPrimitives.ReadUInt32BigEndian(_message[Position..]);
        Position += 4;
        return true;
    }

    public bool TryBytes(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count < 0 || _message.Length - Position < count) return false;
        bytes = _message.Slice(Position, count);
        Position += count;
        return true;
    }

    // character-string = length octet, octets
    public bool TryText(out string text)
    {
        text = "";
        if (!TryByte(out var length) || !TryBytes(length, out var bytes)) return false;
        text = Lower(bytes);
        return true;
    }

    /// <summary>Reads a name, following compression pointers (RFC 1035 section 4.1.4).</summary>
    public bool TryName(out string name)
    {
        name = "";
        var text = new StringBuilder();
        var (at, barrier, end) = (Position, Position, -1);
        for (var wireLength = 0; wireLength < WireLengthMax;)
        {
            if (at >= _message.Length) return false;
            var length = _message[at];
            if (length == 0)
            {
                Position = end < 0 ? at + 1 : end;
                name = text.ToString();
                return true;
            }
            if ((length & 0xc0) == 0xc0)
            {
                if (at + 1 >= _message.Length) return false;
                if (end < 0) end = at + 2;
                at = ((length & 0x3f) << 8) | _message[at + 1];
                if (at >= barrier) return false;
                barrier = at;
                continue;
            }
            if ((length & 0xc0) != 0 || at + 1 + length > _message.Length) return false;
            if (text.Length > 0) text.Append('.');
            text.Append(Lower(_message.Slice(at + 1, length)));
            at += length + 1;
            wireLength += length + 1;
        }
        return false;
    }

    public void MoveTo(int position) => Position = position;

    // Names are compared without regard to case (RFC 4343); bytes that are no ASCII become question marks.
    private static string Lower(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes).ToLowerInvariant();
}
