using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// Asks the kernel over netlink (RFC 3549) which way packets to an address go, and hears when that may have changed.
/// Belongs to the network namespace of the thread that makes it. One thread at a time; nothing waits.
/// </summary>
public sealed unsafe class RouteSocket : IDisposable
{
    private const int FamilyNetlink = 16;
    private const int SockRaw = 3;
    private const int NetlinkRoute = 0;
    // RTMGRP_LINK, IPV4_ROUTE, IPV4_RULE, IPV6_ROUTE; rules of IPv6 have no bit and are group 19.
    private const uint Groups = 0x1 | 0x40 | 0x80 | 0x400 | (1u << 18);
    private const int HeaderBytes = 16;
    private const int RouteBytes = 12;
    private const ushort NewRoute = 24;
    private const ushort GetRoute = 26;
    private const ushort FlagRequest = 1;
    private const byte TypeUnicast = 1;
    private const ushort AttributeTarget = 1;
    private const ushort AttributeSource = 2;
    private const ushort AttributeInterface = 4;
    private const ushort AttributeGateway = 5;
    private const ushort AttributeVia = 18;
    private const int NotificationsMax = 64;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(8192, pinned: true);
    private readonly int _queries;
    private readonly int _news;
    private uint _serial;

    public RouteSocket()
    {
        _queries = Open(0);
        _news = Open(Groups);
    }

    /// <summary>False when the kernel gave no socket; then no route is ever found.</summary>
    public bool IsOpen => _queries >= 0 && _news >= 0;

    /// <summary>
    /// Where a packet from one of our addresses to <paramref name="target"/> goes. False when there is no route, or it
    /// leads to this machine itself, or is none that a single packet takes (multicast, unreachable).
    /// </summary>
    public bool TryFind(in IpEndpoint target, in IpEndpoint source, out RouteHop hop)
    {
        hop = default;
        if (!IsOpen || target.IsIpv4 != source.IsIpv4) return false;
        var length = Write(target, source);
        if (UdpSocket.Send(_queries, _buffer.AsSpan(0, length)) != length) return false;
        // The kernel answers within the send. An answer to an earlier question is passed over.
        for (var i = 0; i < 4; i++)
        {
            var received = UdpSocket.Receive(_queries, _buffer);
            if (received < HeaderBytes || received > _buffer.Length) return false;
            var answer = _buffer.AsSpan(0, received);
            var serial = BinaryPrimitives.ReadUInt32LittleEndian(answer[8..]);
            if (serial == _serial) return TryRead(answer, target, out hop);
        }
        return false;
    }

    /// <summary>True when routes, rules or interfaces changed since the last call, or news were lost.</summary>
    public bool TakeChanged()
    {
        if (!IsOpen) return false;
        var changed = false;
        for (var i = 0; i < NotificationsMax; i++)
        {
            var received = UdpSocket.Receive(_news, _buffer);
            if (received == UdpSocket.WouldBlock) return changed;
            changed = true;
        }
        return changed;
    }

    public void Dispose()
    {
        if (_queries >= 0) UdpSocket.Close(_queries);
        if (_news >= 0) UdpSocket.Close(_news);
    }

    private static int Open(uint groups)
    {
        var flags = SockRaw | LibC.SockNonBlock | LibC.SockCloseOnExec;
        var descriptor = LibC.Socket(FamilyNetlink, flags, NetlinkRoute);
        if (descriptor < 0) return -Marshal.GetLastSystemError();
        // sockaddr_nl: family, padding, port, groups.
        SockAddr address = default;
        var bytes = (byte*)&address;
        *(ushort*)bytes = FamilyNetlink;
        *(uint*)(bytes + 8) = groups;
        if (LibC.Bind(descriptor, &address, 12) == 0) return descriptor;
        var error = Marshal.GetLastSystemError();
        UdpSocket.Close(descriptor);
        return -error;
    }

    // nlmsghdr, rtmsg, RTA_DST, RTA_SRC
    private int Write(in IpEndpoint target, in IpEndpoint source)
    {
        var buffer = _buffer.AsSpan(0, 128);
        buffer.Clear();
        var bits = (byte)(target.IsIpv4 ? 32 : 128);
        buffer[HeaderBytes] = (byte)(target.IsIpv4 ? SockAddr.FamilyInet : SockAddr.FamilyInet6);
        buffer[HeaderBytes + 1] = bits;
        buffer[HeaderBytes + 2] = bits;
        var length = HeaderBytes + RouteBytes;
        length += WriteAddress(buffer[length..], AttributeTarget, target);
        length += WriteAddress(buffer[length..], AttributeSource, source);
        BinaryPrimitives.WriteInt32LittleEndian(buffer, length);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[4..], GetRoute);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[6..], FlagRequest);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[8..], ++_serial);
        return length;
    }

    private static int WriteAddress(Span<byte> to, ushort type, in IpEndpoint address)
    {
        var bytes = address.WriteAddress(to[4..]);
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(4 + bytes));
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], type);
        return 4 + bytes;
    }

    private static bool TryRead(ReadOnlySpan<byte> answer, in IpEndpoint target, out RouteHop hop)
    {
        hop = default;
        var isRoute = BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) == NewRoute
            && answer.Length >= HeaderBytes + RouteBytes && answer[HeaderBytes + 7] == TypeUnicast;
        if (!isRoute) return false;
        var next = target.WithPort(0);
        var index = 0;
        for (var rest = answer[(HeaderBytes + RouteBytes)..]; rest.Length >= 4;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < 4 || length > rest.Length) break;
            var value = rest[4..length];
            var type = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & 0x3fff;
            if (type == AttributeInterface && value.Length >= 4) index = BinaryPrimitives.ReadInt32LittleEndian(value);
            else if (type == AttributeGateway) _ = IpEndpoint.TryReadAddress(value, ref next);
            // struct rtvia: a gateway of the other IP version, behind its family.
            else if (type == AttributeVia && value.Length > 2) _ = IpEndpoint.TryReadAddress(value[2..], ref next);
            rest = rest[Math.Min(rest.Length, (length + 3) & ~3)..];
        }
        hop = new RouteHop(index, next);
        return index > 0;
    }
}
