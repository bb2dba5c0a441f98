using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// Writes the values of one row after another in ClickHouse's RowBinary format: little-endian, no names, no separators.
/// Owned by the one who fills the batch.
/// </summary>
public sealed class RowBinaryWriter
{
    private readonly IBufferWriter<byte> _output;

    public RowBinaryWriter(IBufferWriter<byte> output) => _output = output;

    public void UInt8(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_output.GetSpan(2), value);
        _output.Advance(2);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_output.GetSpan(4), value);
        _output.Advance(4);
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_output.GetSpan(8), value);
        _output.Advance(8);
    }

    /// <summary>DateTime64(3): Unix milliseconds.</summary>
    public void UnixMs(long value) => UInt64((ulong)value);

    /// <summary>Nullable(DateTime64(3)): 0 stands for null.</summary>
    public void NullableUnixMs(long value)
    {
        UInt8(value == 0 ? (byte)1 : (byte)0);
        if (value != 0) UnixMs(value);
    }

    /// <summary>Nullable(UInt32): a mark, then the value where there is one.</summary>
    public void NullableUInt32(uint? value)
    {
        UInt8(value is null ? (byte)1 : (byte)0);
        if (value is { } present) UInt32(present);
    }

    /// <summary>Nullable(Float32): a mark, then the value where there is one.</summary>
    public void NullableFloat32(float? value)
    {
        UInt8(value is null ? (byte)1 : (byte)0);
        if (value is { } present) UInt32(BitConverter.SingleToUInt32Bits(present));
    }

    /// <summary>String and LowCardinality(String): byte length, then UTF-8.</summary>
    public void String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Count(length);
        Encoding.UTF8.GetBytes(value, _output.GetSpan(length));
        _output.Advance(length);
    }

    /// <summary>String that is not text: byte length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        value.CopyTo(_output.GetSpan(value.Length));
        _output.Advance(value.Length);
    }

    /// <summary>
    /// FixedString(n): exactly n bytes; a shorter value is filled up with zeros, a longer one is our mistake.
    /// </summary>
    public void FixedString(string value, int length)
    {
        if (Encoding.UTF8.GetByteCount(value) > length)
            throw new ArgumentException($"The value is longer than FixedString({length}).", nameof(value));
        var span = _output.GetSpan(length)[..length];
        var written = Encoding.UTF8.GetBytes(value, span);
        span[written..].Clear();
        _output.Advance(length);
    }

    /// <summary>The element count before an array's elements, and a string's byte length: unsigned LEB128.</summary>
    public void Count(int value)
    {
        var rest = (uint)value;
        while (rest >= 0x80)
        {
            UInt8((byte)(rest | 0x80));
            rest >>= 7;
        }
        UInt8((byte)rest);
    }
}
