using System.Buffers.Binary;
using System.Text;
using CallTracker.Calls.Model;

namespace CallTracker.Backends.Journal;

/// <summary>
/// Writes an entry's payload field by field into mapped memory, little-endian. Lives on the worker's stack.
/// </summary>
internal ref struct PayloadWriter(Span<byte> output)
{
    private readonly Span<byte> _output = output;
    private int _length;

    public readonly int Length => _length;

    public void UInt8(byte value) => _output[_length++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_output[_length..], value);
        _length += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_output[_length..], value);
        _length += 4;
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output[_length..], value);
        _length += 8;
    }

    public void Int64(long value) => UInt64((ulong)value);

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(_output[_length..]);
        _length += value.Length;
    }

    /// <summary>Digit count, then the digits as ASCII.</summary>
    public void Number(PhoneNumber number)
    {
        UInt8((byte)number.Length);
        _length += number.CopyTo(_output[_length..]);
    }

    /// <summary>
    /// Byte count, then UTF-8; a text longer than <paramref name="lengthMax"/> bytes is cut between characters.
    /// </summary>
    public void Text(string value, int lengthMax)
    {
        var room = _output.Slice(_length + 2, lengthMax);
        if (Encoding.UTF8.TryGetBytes(value, room, out var written)) Commit(written);
        else Commit(CutText(value, room));
    }

    private static int CutText(string value, Span<byte> room)
    {
        var written = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            if (!rune.TryEncodeToUtf8(room[written..], out var count)) break;
            written += count;
        }
        return written;
    }

    private void Commit(int textLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_output[_length..], (ushort)textLength);
        _length += 2 + textLength;
    }
}
