using System.Buffers.Binary;
using CallTracker.Core.Net;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Ethernet frames with a UDP datagram, as they come in on an interface, and what is found in them.</summary>
internal static class Frames
{
    public const int Ethernet = 14;

    /// <summary>A frame with right checksums.</summary>
    public static byte[] Udp(IpEndpoint from, IpEndpoint to, ReadOnlySpan<byte> payload, byte ttl = 64, byte tos = 0xb8)
    {
        var header = from.IsIpv4 ? 20 : 40;
        var frame = new byte[Ethernet + header + 8 + payload.Length];
        var ip = frame.AsSpan(Ethernet);
        var udp = ip[header..];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), from.IsIpv4 ? (ushort)0x0800 : (ushort)0x86dd);
        BinaryPrimitives.WriteUInt16BigEndian(udp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        payload.CopyTo(udp[8..]);
        if (from.IsIpv4) WriteIpv4(ip, from, to, ttl, tos);
        else WriteIpv6(ip, from, to, ttl, tos);
        var sum = UdpSum(ip);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], sum == 0 ? (ushort)0xffff : sum);
        return frame;
    }

    public static bool IsIpv4(ReadOnlySpan<byte> frame) => frame[Ethernet] >> 4 == 4;

    /// <summary>Where the UDP header begins.</summary>
    public static int UdpAt(ReadOnlySpan<byte> frame) => Ethernet + (IsIpv4(frame) ? 20 : 40);

    public static IpEndpoint Source(ReadOnlySpan<byte> frame) => Address(frame, IsIpv4(frame) ? 12 : 8, 0);

    public static IpEndpoint Target(ReadOnlySpan<byte> frame) => Address(frame, IsIpv4(frame) ? 16 : 24, 2);

    public static byte Ttl(ReadOnlySpan<byte> frame) => frame[Ethernet + (IsIpv4(frame) ? 8 : 7)];

    public static byte[] Payload(ReadOnlySpan<byte> frame) => frame[(UdpAt(frame) + 8)..].ToArray();

    /// <summary>Both checksums, computed anew over all bytes, are right.</summary>
    public static bool AreChecksumsRight(ReadOnlySpan<byte> frame)
    {
        var ip = frame[Ethernet..];
        return (!IsIpv4(frame) || Fold(Sum(ip[..20])) == 0xffff) && UdpSum(ip) == 0;
    }

    private static IpEndpoint Address(ReadOnlySpan<byte> frame, int at, int portAt)
    {
        var result = default(IpEndpoint);
        var bytes = frame.Slice(Ethernet + at, IsIpv4(frame) ? 4 : 16);
        IpEndpoint.TryReadAddress(bytes, ref result).ShouldBeTrue();
        return result.WithPort(BinaryPrimitives.ReadUInt16BigEndian(frame[(UdpAt(frame) + portAt)..]));
    }

    private static void WriteIpv4(Span<byte> ip, IpEndpoint from, IpEndpoint to, byte ttl, byte tos)
    {
        ip[0] = 0x45;
        ip[1] = tos;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[6] = 0x40;
        ip[8] = ttl;
        ip[9] = 17;
        from.WriteAddress(ip[12..]);
        to.WriteAddress(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], (ushort)~Fold(Sum(ip[..20])));
    }

    private static void WriteIpv6(Span<byte> ip, IpEndpoint from, IpEndpoint to, byte ttl, byte tos)
    {
        BinaryPrimitives.WriteUInt32BigEndian(ip, 0x6000_1234 | ((uint)tos << 20));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)(ip.Length - 40));
        ip[6] = 17;
        ip[7] = ttl;
        from.WriteAddress(ip[8..]);
        to.WriteAddress(ip[24..]);
    }

    // RFC 768 and RFC 8200 section 8.1; 0 when the field in place is right.
    private static ushort UdpSum(ReadOnlySpan<byte> ip)
    {
        var isIpv4 = ip[0] >> 4 == 4;
        var udp = ip[(isIpv4 ? 20 : 40)..];
        var addresses = isIpv4 ? ip[12..20] : ip[8..40];
        return (ushort)~Fold(Sum(addresses) + 17u + (uint)udp.Length + Sum(udp));
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length > 1; bytes = bytes[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static uint Fold(uint sum)
    {
        sum = (sum & 0xffff) + (sum >> 16);
        return (sum & 0xffff) + (sum >> 16);
    }
}
