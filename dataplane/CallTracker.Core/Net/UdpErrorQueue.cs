using System.Buffers.Binary;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// The ICMP errors that a UDP socket's datagrams met (IP_RECVERR, ip(7)), each with the peer it concerns: without them
/// an unconnected socket learns nothing of a closed port. Stateless; used by the socket's owner.
/// </summary>
public static unsafe class UdpErrorQueue
{
    private const int ControlLength = 256;
    private const int HeaderLength = 16;
    // struct sock_extended_err { u32 errno; u8 origin, type, code, pad; u32 info, data; }
    private const int ErrorLength = 16;
    private const int OriginIcmp = 2;
    private const int OriginIcmp6 = 3;

    /// <summary>
    /// Makes the socket keep the errors. From now on epoll reports <see cref="EpollEvent.Error"/>, and a send or
    /// receive may fail once with an error that belongs to an earlier datagram, perhaps to another peer.
    /// </summary>
    public static void Enable(int descriptor, bool isIpv4)
    {
        if (isIpv4) UdpSocket.SetOption(descriptor, LibC.IpProtoIp, LibC.IpReceiveErrors, 1);
        else UdpSocket.SetOption(descriptor, LibC.IpProtoIpv6, LibC.Ipv6ReceiveErrors, 1);
    }

    /// <summary>Takes the next error; false when none is left.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="remote">Where the datagram was sent.</param>
    /// <param name="isUnreachable">
    /// True when the host, its network or the port cannot be reached; false for anything else, as a datagram too long.
    /// </param>
    public static bool TryTake(int descriptor, out IpEndpoint remote, out bool isUnreachable)
    {
        SockAddr address = default;
        var control = stackalloc byte[ControlLength];
        var message = new MultiMessage
        {
            Name = &address,
            NameLength = SockAddr.SizeInet6,
            Control = control,
            ControlLength = ControlLength,
        };
        var result = LibC.ReceiveMessage(descriptor, &message, LibC.MessageErrorQueue | LibC.MessageDontWait);
        var isTaken = result >= 0;
        remote = isTaken ? address.Read() : default;
        isUnreachable = isTaken && IsUnreachable(new ReadOnlySpan<byte>(control, (int)message.ControlLength));
        return isTaken;
    }

    // struct cmsghdr { size_t len; int level; int type; } followed by its data, aligned to 8 bytes.
    private static bool IsUnreachable(ReadOnlySpan<byte> control)
    {
        while (control.Length >= HeaderLength)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(control);
            if (length < HeaderLength || length > control.Length) return false;
            var level = BinaryPrimitives.ReadInt32LittleEndian(control[8..]);
            var type = BinaryPrimitives.ReadInt32LittleEndian(control[12..]);
            var isError = (level == LibC.IpProtoIp && type == LibC.IpReceiveErrors)
                || (level == LibC.IpProtoIpv6 && type == LibC.Ipv6ReceiveErrors);
            if (isError) return IsUnreachableError(control[HeaderLength..length]);
            var step = (length + 7) & ~7;
            if (step >= control.Length) return false;
            control = control[step..];
        }
        return false;
    }

    private static bool IsUnreachableError(ReadOnlySpan<byte> error)
    {
        if (error.Length < ErrorLength || error[4] is not (OriginIcmp or OriginIcmp6)) return false;
        var number = BinaryPrimitives.ReadInt32LittleEndian(error);
        return number is LibC.ConnectionRefused or LibC.HostUnreachable or LibC.NetworkUnreachable;
    }
}
