using CallTracker.Core.Net;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Safety;

/// <summary>
/// The far ends' RTCP ports, on a thread of its own: counts the node's own reports, and what the spray sent, which the
/// relay must not pass on; it tells them by the mark in spray.c. One scenario's.
/// </summary>
internal sealed class RtcpEars : IDisposable
{
    private const int ReceiveBufferBytes = 4 << 20;
    private const int DatagramBytes = 2048;
    private const int WaitMs = 100;
    private const int ProofMsMax = 2000;
    private readonly int[] _sockets = new int[PartySdp.PortsUsed / 2];
    private readonly Epoll _epoll = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private long _reports;
    private long _injected;

    /// <param name="firstPort">Of the far ends' RTP; RTCP is on each second one.</param>
    public RtcpEars(int firstPort)
    {
        for (var i = 0; i < _sockets.Length; i++)
        {
            // The far ends differ by address as well; one socket hears all of a port.
            var local = IpEndpoint.From(System.Net.IPAddress.Any, firstPort + (2 * i) + 1);
            _sockets[i] = UdpSocket.Open(local, ReceiveBufferBytes, reusePort: false);
            if (_sockets[i] < 0) throw new LoadTestException($"cannot bind {local}: errno {-_sockets[i]}");
            _epoll.Add(_sockets[i], (ulong)i);
        }
        _thread = new Thread(Loop) { Name = "RTCP ears", IsBackground = true };
        _thread.Start();
    }

    /// <summary>What every packet of RTCP that spray.c makes has for its sender's SSRC.</summary>
    public static ReadOnlySpan<byte> Mark => "CTsp"u8;

    /// <summary>All datagrams without the mark so far.</summary>
    public long Reports => Volatile.Read(ref _reports);

    /// <summary>All datagrams with the mark so far.</summary>
    public long Injected => Volatile.Read(ref _injected);

    /// <summary>Sends the mark to each port: so none injected later means none. Throws when one is deaf.</summary>
    public void Prove()
    {
        var socket = UdpSocket.Open(IpEndpoint.From(System.Net.IPAddress.Loopback, 0), 0, reusePort: false);
        for (var i = 0; i < _sockets.Length; i++)
        {
            var port = UdpSocket.LocalEndpoint(_sockets[i]).Port;
            UdpSocket.SendTo(socket, Mark, IpEndpoint.From(System.Net.IPAddress.Loopback, port));
        }
        UdpSocket.Close(socket);
        if (!SpinWait.SpinUntil(() => Injected == _sockets.Length, ProofMsMax))
            throw new LoadTestException($"of {_sockets.Length} RTCP ports {Injected} hear what is injected");
        Interlocked.Exchange(ref _injected, 0);
    }

    public void Dispose()
    {
        _isStopping = true;
        _thread.Join();
        foreach (var socket in _sockets) UdpSocket.Close(socket);
        _epoll.Dispose();
    }

    private void Loop()
    {
        var ready = new Core.Linux.EpollEvent[_sockets.Length];
        var buffer = new byte[DatagramBytes];
        while (!_isStopping)
        {
            var count = _epoll.Wait(ready, WaitMs);
            for (var i = 0; i < count; i++) Drain(_sockets[(int)ready[i].Data], buffer);
        }
    }

    private void Drain(int socket, byte[] buffer)
    {
        while (UdpSocket.Receive(socket, buffer) is var length and > 0)
        {
            var isMarked = buffer.AsSpan(0, Math.Min(length, buffer.Length)).IndexOf(Mark) >= 0;
            Interlocked.Increment(ref isMarked ? ref _injected : ref _reports);
        }
    }
}
