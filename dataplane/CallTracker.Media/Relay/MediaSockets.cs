using CallTracker.Core.Net;

namespace CallTracker.Media.Relay;

/// <summary>
/// What the relay does with a side's sockets: connect to a final source, let go of it, send. Owned by one relay.
/// </summary>
internal sealed class MediaSockets
{
    private readonly MediaCounters _counters;

    public MediaSockets(MediaCounters counters) => _counters = counters;

    /// <summary>By which the RTP ports receive; null: by the epoll.</summary>
    public DatagramRing? Ring { get; init; }

    /// <summary>Connects the RTP socket to its final source: the kernel drops strangers, and sends get
    /// cheaper.</summary>
    public static void FixRtp(ref MediaSideState side, long nowMs)
    {
        if (side.RtpConnected || side.ConnectFailed || !side.Latch.IsFinal(nowMs)) return;
        side.RtpConnected = UdpSocket.Connect(side.RtpSocket, side.Latch.Peer) == 0;
        side.ConnectFailed = !side.RtpConnected;
    }

    /// <summary>The window is open again for a source that was learned: the kernel must let others through
    /// meanwhile.</summary>
    public static void Unfix(ref MediaSideState side, long nowMs)
    {
        if (!side.RtpConnected || side.Latch.IsFinal(nowMs)) return;
        _ = UdpSocket.Disconnect(side.RtpSocket);
        side.RtpConnected = false;
    }

    public static void FixRtcp(ref MediaSideState side)
    {
        if (side.RtcpConnected || !side.Rtcp.IsLatched) return;
        if (side.Rtcp.Destination(side.Latch) != side.Rtcp.Peer) return;
        side.RtcpConnected = UdpSocket.Connect(side.RtcpSocket, side.Rtcp.Peer) == 0;
    }

    /// <summary>Signalling moved the side: both sockets are open to a new source.</summary>
    public static void Release(ref MediaSideState side)
    {
        if (side.RtpConnected) _ = UdpSocket.Disconnect(side.RtpSocket);
        side.RtpConnected = false;
        side.ConnectFailed = false;
        side.RefusalsInRow = 0;
        ReleaseRtcp(ref side);
    }

    public static void ReleaseRtcp(ref MediaSideState side)
    {
        if (side.RtcpConnected) _ = UdpSocket.Disconnect(side.RtcpSocket);
        side.RtcpConnected = false;
    }

    /// <summary>Sends from a side's RTP socket to its peer.</summary>
    public MediaDropReason SendRtp(ref MediaSideState to, ReadOnlySpan<byte> datagram)
    {
        if (!to.CanReceive) return MediaDropReason.NoPeer;
        if (!to.RtpConnected) return SendTo(to.RtpSocket, datagram, to.Latch.Destination);
        if (Ring is { } ring && ring.TryQueue(to.PairIndex, datagram)) return MediaDropReason.None;
        var sent = UdpSocket.Send(to.RtpSocket, datagram);
        if (sent >= 0) return MediaDropReason.None;
        if (sent != UdpSocket.Refused) return ReasonOf(sent);
        OnRtpRefused(ref to);
        return SendAgain(to.RtpSocket, datagram);
    }

    /// <summary>Sends from a side's RTCP socket, or its RTP socket when it agreed to rtcp-mux.</summary>
    public MediaDropReason SendRtcp(ref MediaSideState to, ReadOnlySpan<byte> datagram)
    {
        if (to.RtcpMux) return SendRtp(ref to, datagram);
        if (!to.CanReceive) return MediaDropReason.NoPeer;
        if (!to.RtcpConnected) return SendTo(to.RtcpSocket, datagram, to.Rtcp.Destination(to.Latch));
        var sent = UdpSocket.Send(to.RtcpSocket, datagram);
        if (sent >= 0) return MediaDropReason.None;
        if (sent != UdpSocket.Refused) return ReasonOf(sent);
        _counters.AddRefusal();
        return SendAgain(to.RtcpSocket, datagram);
    }

    /// <summary>A port-unreachable answer was found on the side's RTP socket. Many peers have no RTCP port: those do
    /// not count.</summary>
    public void OnRtpRefused(ref MediaSideState side)
    {
        side.RefusalsInRow++;
        _counters.AddRefusal();
    }

    private static MediaDropReason SendTo(int socket, ReadOnlySpan<byte> datagram, in IpEndpoint destination)
    {
        if (destination.IsUnspecified) return MediaDropReason.NoPeer;
        var sent = UdpSocket.SendTo(socket, datagram, destination);
        return sent >= 0 ? MediaDropReason.None : ReasonOf(sent);
    }

    // A connected socket reports the refusal of an earlier datagram instead of sending this one: send it once more.
    private static MediaDropReason SendAgain(int socket, ReadOnlySpan<byte> datagram)
    {
        var sent = UdpSocket.Send(socket, datagram);
        return sent >= 0 ? MediaDropReason.None : ReasonOf(sent);
    }

    /// <summary>Why a datagram was not sent, by the negated errno.</summary>
    public static MediaDropReason ReasonOf(int error) =>
        error == UdpSocket.WouldBlock ? MediaDropReason.SendBufferFull : MediaDropReason.SendFailed;
}
