namespace CallTracker.Core.Net;

/// <summary>
/// Tries a <see cref="DatagramRing"/> on a socket of its own: that a kernel knows the calls does not mean that it knows
/// each option, and where io_uring is forbidden (seccomp, io_uring_disabled) it says so. Stateless.
/// </summary>
public static class RingProbe
{
    private const int DatagramBytesMax = 64;
    private const int WaitUs = 100_000;
    private const int Tries = 10;

    /// <summary>0 when rings work here, or a negated errno; -38 also when they are there and do not do their
    /// work.</summary>
    /// <param name="local">An address of this machine; its port is not looked at.</param>
    public static int Run(in IpEndpoint local)
    {
        using var epoll = new Epoll();
        var result = DatagramRing.TryOpen(epoll, 1, DatagramBytesMax, 0, out var ring);
        if (ring is null) return result;
        var socket = UdpSocket.Open(local.WithPort(0), 0, reusePort: false);
        if (socket >= 0)
        {
            result = Run(ring, socket);
            ring.Stop();
            UdpSocket.Close(socket);
        }
        ring.Dispose();
        return socket < 0 ? socket : result;
    }

    // A datagram to itself, received, sent on from the ring's buffer, and received again.
    private static int Run(DatagramRing ring, int socket)
    {
        ring.Watch(0, socket);
        var self = UdpSocket.LocalEndpoint(socket);
        var result = ring.Start();
        if (result == 0) result = UdpSocket.Connect(socket, self);
        if (result < 0) return result;
        _ = UdpSocket.Send(socket, "probe"u8);
        return Passes(ring, self, sendsOn: true) && Passes(ring, self, sendsOn: false) ? 0 : -Linux.LibC.NotImplemented;
    }

    private static unsafe bool Passes(DatagramRing ring, in IpEndpoint self, bool sendsOn)
    {
        var isGood = false;
        for (var i = 0; i < Tries && !isGood; i++)
        {
            ring.Wait(WaitUs);
            while (ring.TryTake(out var datagram))
            {
                isGood = datagram is { IsFailedSend: false, Length: 5 } && datagram.Source == self;
                if (isGood && sendsOn) isGood = ring.TryQueue(0, new ReadOnlySpan<byte>(datagram.Start, 5));
            }
            _ = ring.TryEndBatch();
        }
        return isGood;
    }
}
