using System.Buffers.Binary;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Writes one message as a HEP3 packet (HEP3/EEP, revision 11 of the Homer project): the mark, the length, then chunks
/// of vendor, type, length and value, all in network order. Lives on the stack of the collector's task.
/// </summary>
internal ref struct HepPacket(Span<byte> output)
{
    /// <summary>Bytes beside the message, its correlation id and the key.</summary>
    public const int OverheadMax = 200;
    private const int HeaderLength = 6;
    private const int ChunkHeaderLength = 6;
    private const byte ProtocolUdp = 17;
    private const byte ProtocolTcp = 6;
    private const byte FamilyV4 = 2;
    private const byte FamilyV6 = 10;
    private const byte PayloadIsSip = 1;
    private readonly Span<byte> _output = output;
    private int _length = HeaderLength;

    /// <summary>Writes the whole packet; its length.</summary>
    public static int Write(
        Span<byte> destination, in TraceEntry entry, ReadOnlySpan<byte> message, ReadOnlySpan<byte> correlation,
        uint captureId, ReadOnlySpan<byte> password)
    {
        var packet = new HepPacket(destination);
        var isSent = entry.Direction == TraceDirection.Sent;
        packet.Addresses(isSent ? entry.Local : entry.Remote, isSent ? entry.Remote : entry.Local);
        packet.Byte(0x02, entry.Transport is SipTransportKind.Tcp or SipTransportKind.Tls ? ProtocolTcp : ProtocolUdp);
        packet.UInt32(0x09, (uint)(entry.UnixUs / 1_000_000));
        packet.UInt32(0x0a, (uint)(entry.UnixUs % 1_000_000));
        packet.Byte(0x0b, PayloadIsSip);
        packet.UInt32(0x0c, captureId);
        if (!password.IsEmpty) packet.Bytes(0x0e, password);
        if (!correlation.IsEmpty) packet.Bytes(0x11, correlation);
        // Last, because dissectors take all that follows for the message.
        packet.Bytes(0x0f, message);
        return packet.Finish();
    }

    private int Finish()
    {
        "HEP3"u8.CopyTo(_output);
        BinaryPrimitives.WriteUInt16BigEndian(_output[4..], (ushort)_length);
        return _length;
    }

    private void Addresses(in IpEndpoint source, in IpEndpoint destination)
    {
        var isV4 = source.IsIpv4 && destination.IsIpv4;
        Byte(0x01, isV4 ? FamilyV4 : FamilyV6);
        if (isV4)
        {
            UInt32(0x03, source.Ipv4);
            UInt32(0x04, destination.Ipv4);
        }
        else
        {
            Ipv6(0x05, source);
            Ipv6(0x06, destination);
        }
        UInt16(0x07, source.Port);
        UInt16(0x08, destination.Port);
    }

    private void Ipv6(ushort type, in IpEndpoint endpoint)
    {
        var value = Chunk(type, 16);
        BinaryPrimitives.WriteUInt64BigEndian(value, endpoint.High);
        BinaryPrimitives.WriteUInt64BigEndian(value[8..], endpoint.Low);
    }

    private void Byte(ushort type, byte value) => Chunk(type, 1)[0] = value;

    private void UInt16(ushort type, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Chunk(type, 2), value);

    private void UInt32(ushort type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Chunk(type, 4), value);

    private void Bytes(ushort type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Chunk(type, value.Length));

    // Vendor 0 is the generic one.
    private Span<byte> Chunk(ushort type, int length)
    {
        var chunk = _output[_length..];
        BinaryPrimitives.WriteUInt16BigEndian(chunk, 0);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[4..], (ushort)(ChunkHeaderLength + length));
        _length += ChunkHeaderLength + length;
        return chunk.Slice(ChunkHeaderLength, length);
    }
}
