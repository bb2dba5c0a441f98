using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CallTracker.Core.Net;

namespace CallTracker.Core.Linux;

/// <summary>
/// The kernel's sockaddr_in and sockaddr_in6 in one 28-byte value.
/// Layout: family (host order) 0..1, port (network order) 2..3, then for AF_INET the address 4..7, for AF_INET6
/// flow 4..7, address 8..23, scope 24..27.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 28)]
internal struct SockAddr
{
    public const int FamilyInet = 2;
    public const int FamilyInet6 = 10;
    public const int SizeInet = 16;
    public const int SizeInet6 = 28;
    private Bytes28 _bytes;

    [InlineArray(28)]
    private struct Bytes28
    {
        private byte _first;
    }

    public static int Write(in IpEndpoint endpoint, out SockAddr address)
    {
        address = default;
        Span<byte> bytes = address._bytes;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
        if (endpoint.IsIpv4)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, FamilyInet);
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], endpoint.Ipv4);
            return SizeInet;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, FamilyInet6);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], endpoint.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], endpoint.Low);
        return SizeInet6;
    }

    [UnscopedRef]
    public readonly IpEndpoint Read()
    {
        ReadOnlySpan<byte> bytes = _bytes;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes) == FamilyInet)
            return IpEndpoint.FromIpv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return new IpEndpoint(high, BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), port);
    }
}
