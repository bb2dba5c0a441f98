using System.Runtime.InteropServices;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// UDP by file descriptor, without a managed object per socket: a worker owns thousands. All calls are non-blocking.
/// Results are byte counts, or a negated errno (<see cref="WouldBlock"/> when there is nothing to do).
/// </summary>
public static unsafe class UdpSocket
{
    /// <summary>The result when a receive finds nothing or a send finds the buffer full.</summary>
    public const int WouldBlock = -LibC.Again;
    /// <summary>The result when an earlier send to a connected peer met a closed port.</summary>
    public const int Refused = -LibC.ConnectionRefused;
    private const int SegmentControlHeader = 16;
    private const int SegmentControlLength = 24;

    /// <summary>Opens and binds a socket; its descriptor, or a negated errno.</summary>
    /// <param name="local">Address to bind; port 0 lets the kernel choose.</param>
    /// <param name="receiveBufferBytes">Kernel receive buffer asked for; 0 leaves the default.</param>
    /// <param name="reusePort">True to share the port among workers (SO_REUSEPORT).</param>
    public static int Open(in IpEndpoint local, int receiveBufferBytes, bool reusePort)
    {
        var family = local.IsIpv4 ? SockAddr.FamilyInet : SockAddr.FamilyInet6;
        var descriptor = LibC.Socket(family, LibC.SockDgram | LibC.SockNonBlock | LibC.SockCloseOnExec, 0);
        if (descriptor < 0) return -Marshal.GetLastSystemError();
        if (!local.IsIpv4) SetOption(descriptor, LibC.IpProtoIpv6, LibC.Ipv6Only, 1);
        if (reusePort) SetOption(descriptor, LibC.SolSocket, LibC.SoReusePort, 1);
        if (receiveBufferBytes > 0) SetReceiveBuffer(descriptor, receiveBufferBytes);
        var length = SockAddr.Write(local, out var address);
        if (LibC.Bind(descriptor, &address, length) == 0) return descriptor;
        var error = Marshal.GetLastSystemError();
        _ = LibC.Close(descriptor);
        return -error;
    }

    public static void Close(int descriptor) => _ = LibC.Close(descriptor);

    /// <summary>Fixes the peer: the kernel drops datagrams from others, and sends need no route look-up.</summary>
    public static int Connect(int descriptor, in IpEndpoint remote)
    {
        var length = SockAddr.Write(remote, out var address);
        return LibC.Connect(descriptor, &address, length) == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    /// <summary>
    /// Undoes <see cref="Connect"/> (connect to AF_UNSPEC). A local port that was asked for by number stays; one that
    /// the kernel chose is given up.
    /// </summary>
    public static int Disconnect(int descriptor)
    {
        SockAddr unspecified = default;
        return LibC.Connect(descriptor, &unspecified, SockAddr.SizeInet) == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    /// <summary>
    /// Lets a program choose which of the sockets that share this one's port gets a datagram: it returns the socket's
    /// number in the order in which they were bound; any other number leaves the choice to the kernel's hash.
    /// </summary>
    /// <param name="descriptor">Any of the sockets (SO_REUSEPORT).</param>
    /// <param name="program">Sees the datagram without its headers.</param>
    /// <returns>0, or a negated errno; then the kernel chooses as before.</returns>
    public static int Steer(int descriptor, ReadOnlySpan<BpfInstruction> program)
    {
        fixed (BpfInstruction* first = program)
        {
            var value = new BpfProgram { Length = (ushort)program.Length, Instructions = first };
            var result = LibC.SetSockOpt(
                descriptor, LibC.SolSocket, LibC.SoAttachReusePortFilter, &value, sizeof(BpfProgram));
            return result == 0 ? 0 : -Marshal.GetLastSystemError();
        }
    }

    public static IpEndpoint LocalEndpoint(int descriptor)
    {
        SockAddr address = default;
        var length = SockAddr.SizeInet6;
        return LibC.GetSockName(descriptor, &address, &length) == 0 ? address.Read() : default;
    }

    /// <summary>Receives one datagram from the connected peer (or from anyone when unconnected).</summary>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var length = LibC.Receive(descriptor, start, (nuint)buffer.Length, LibC.MessageTruncated);
            return length >= 0 ? (int)length : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>Receives one datagram and tells its source. A length above the buffer's means it was cut.</summary>
    public static int ReceiveFrom(int descriptor, Span<byte> buffer, out IpEndpoint source)
    {
        SockAddr address = default;
        var addressLength = SockAddr.SizeInet6;
        fixed (byte* start = buffer)
        {
            var length = LibC.ReceiveFrom(
                descriptor, start, (nuint)buffer.Length, LibC.MessageTruncated, &address, &addressLength);
            source = length >= 0 ? address.Read() : default;
            return length >= 0 ? (int)length : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>Sends to the connected peer.</summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> datagram)
    {
        fixed (byte* start = datagram)
        {
            var length = LibC.Send(descriptor, start, (nuint)datagram.Length, LibC.MessageDontWait);
            return length >= 0 ? (int)length : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>Sends to anyone.</summary>
    public static int SendTo(int descriptor, ReadOnlySpan<byte> datagram, in IpEndpoint remote)
    {
        var result = TrySendTo(descriptor, datagram, remote);
        return IsOfEarlier(result) ? TrySendTo(descriptor, datagram, remote) : result;
    }

    // The error may be the answer to an earlier datagram, to another peer (see UdpErrorQueue); it is told once.
    private static bool IsOfEarlier(int result) =>
        result is -LibC.ConnectionRefused or -LibC.HostUnreachable or -LibC.NetworkUnreachable;

    private static int TrySendTo(int descriptor, ReadOnlySpan<byte> datagram, in IpEndpoint remote)
    {
        var addressLength = SockAddr.Write(remote, out var address);
        fixed (byte* start = datagram)
        {
            var length = LibC.SendTo(
                descriptor, start, (nuint)datagram.Length, LibC.MessageDontWait, &address, addressLength);
            return length >= 0 ? (int)length : -Marshal.GetLastSystemError();
        }
    }

    /// <summary>
    /// Sends many datagrams of one length to one peer by one call (UDP_SEGMENT, Linux 4.18): the kernel walks its path
    /// once for all of them.
    /// </summary>
    /// <param name="descriptor">Of the peer's IP version.</param>
    /// <param name="datagrams">One behind the other; the last may be shorter. At most 64, and 65,000 bytes.</param>
    /// <param name="segmentLength">Of each; it must fit the path's MTU.</param>
    /// <param name="remote">The peer.</param>
    /// <returns>All bytes, or a negated errno; then none was sent.</returns>
    public static int SendSegments(
        int descriptor, ReadOnlySpan<byte> datagrams, ushort segmentLength, in IpEndpoint remote)
    {
        var result = TrySendSegments(descriptor, datagrams, segmentLength, remote);
        return IsOfEarlier(result) ? TrySendSegments(descriptor, datagrams, segmentLength, remote) : result;
    }

    private static int TrySendSegments(
        int descriptor, ReadOnlySpan<byte> datagrams, ushort segmentLength, in IpEndpoint remote)
    {
        var addressLength = SockAddr.Write(remote, out var address);
        var control = stackalloc byte[SegmentControlLength];
        // struct cmsghdr { size_t len; int level; int type; } and the length, padded to 8 bytes.
        *(nuint*)control = SegmentControlHeader + sizeof(ushort);
        *(int*)(control + 8) = LibC.SolUdp;
        *(int*)(control + 12) = LibC.UdpSegment;
        *(ulong*)(control + SegmentControlHeader) = segmentLength;
        fixed (byte* start = datagrams)
        {
            var vector = new IoVector { Base = start, Length = (nuint)datagrams.Length };
            var message = new MultiMessage
            {
                Name = &address,
                NameLength = addressLength,
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = SegmentControlLength,
            };
            var length = LibC.SendMessage(descriptor, &message, LibC.MessageDontWait);
            return length >= 0 ? (int)length : -Marshal.GetLastSystemError();
        }
    }

    internal static void SetOption(int descriptor, int level, int name, int value) =>
        _ = LibC.SetSockOpt(descriptor, level, name, &value, sizeof(int));

    // The privileged form ignores net.core.rmem_max; without the right the plain one takes what it may.
    private static void SetReceiveBuffer(int descriptor, int bytes)
    {
        var forced = LibC.SetSockOpt(descriptor, LibC.SolSocket, LibC.SoReceiveBufferForce, &bytes, sizeof(int));
        if (forced != 0) SetOption(descriptor, LibC.SolSocket, LibC.SoReceiveBuffer, bytes);
    }
}
