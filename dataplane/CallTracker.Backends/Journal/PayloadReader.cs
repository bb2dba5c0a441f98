using System.Buffers.Binary;
using System.Text;

namespace CallTracker.Backends.Journal;

/// <summary>
/// Reads a payload field by field. After a field that is not there <see cref="IsSound"/> is false and every further
/// field is zero: the caller checks once, at the end. Lives on the reader's stack.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> input)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private int _position;

    public bool IsSound { get; private set; } = true;

    public byte UInt8() => Take(1) is { Length: 1 } bytes ? bytes[0] : (byte)0;

    public ushort UInt16() =>
        Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    public long Int64() => (long)UInt64();

    public string Number() => Encoding.ASCII.GetString(Take(UInt8()));

    public string Text() => Encoding.UTF8.GetString(Take(UInt16()));

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _input.Length - _position) IsSound = false;
        if (!IsSound) return default;
        var bytes = _input.Slice(_position, length);
        _position += length;
        return bytes;
    }
}
