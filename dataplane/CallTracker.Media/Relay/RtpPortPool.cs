using CallTracker.Core.Net;

namespace CallTracker.Media.Relay;

/// <summary>
/// A worker's share of the media ports: even/odd pairs (RTP, RTCP), all bound and watched by the worker's epoll from
/// start to end, so that a call costs no socket, bind or close. An empty pool is a policy, not an error:
/// <see cref="TryRent"/> says no, and the call is refused. Owned and used by one worker thread.
/// </summary>
public sealed class RtpPortPool : IDisposable
{
    /// <summary>
    /// About two seconds of 20 ms audio per socket; the memory is used only while datagrams are queued, and bounds what
    /// a flood of strays can pin: this times two per socket.
    /// </summary>
    public const int DefaultReceiveBufferBytes = 64 * 1024;
    private const int PortMin = 1024;
    private const int AddressInUse = -98;
    private const int AccessDenied = -13;
    private const int ProcessFilesFull = -24;
    private const int SystemFilesFull = -23;
    // Bounds the work of one call when somebody floods the port: what is left is refused by source.
    private const int DrainDatagramsMax = 512;
    private readonly Epoll _epoll;
    private readonly ushort _firstPort;
    private readonly int _portCount;
    private readonly int _receiveBufferBytes;
    private readonly byte[] _scrap = new byte[1];
    private int[] _rtpSockets = [];
    private int[] _rtcpSockets = [];
    private ushort[] _ports = [];
    private bool[] _lent = [];
    // Idle pairs as a ring: taken at the head, returned at the tail, so that a port rests as long as it can.
    private int[] _idle = [];
    private int _head;

    /// <param name="bindAddress">One address of this machine; its port is not looked at.</param>
    /// <param name="firstPort">First port of the share; an odd one is left out.</param>
    /// <param name="portCount">Ports of the share, two per pair.</param>
    /// <param name="epoll">The owning worker's epoll.</param>
    /// <param name="receiveBufferBytes">Kernel receive buffer per socket.</param>
    public RtpPortPool(
        IpEndpoint bindAddress,
        ushort firstPort,
        int portCount,
        Epoll epoll,
        int receiveBufferBytes = DefaultReceiveBufferBytes)
    {
        BindAddress = bindAddress.WithPort(0);
        _firstPort = firstPort;
        _portCount = portCount;
        _epoll = epoll;
        _receiveBufferBytes = receiveBufferBytes;
    }

    public IpEndpoint BindAddress { get; }

    /// <summary>Pairs bound at start.</summary>
    public int PairCount { get; private set; }

    /// <summary>Pairs of the range that another program holds.</summary>
    public int SkippedPairCount { get; private set; }

    public int IdlePairCount { get; private set; }

    /// <summary>Datagrams found on idle ports, and thrown away.</summary>
    public long StrayDatagrams { get; private set; }

    /// <summary>Binds and watches the whole share. Once, at start.</summary>
    public RtpPortPoolResult Open()
    {
        var first = _firstPort + (_firstPort & 1);
        var pairsMax = (_firstPort + _portCount - first) / 2;
        var isOutside = _firstPort < PortMin || first + (pairsMax * 2) > 0x1_0000;
        if (isOutside || pairsMax < 1) return RtpPortPoolResult.BadRange;
        if (BindAddress.IsUnspecified || BindAddress.IsMulticast) return RtpPortPoolResult.BadAddress;
        _rtpSockets = new int[pairsMax];
        _rtcpSockets = new int[pairsMax];
        _ports = new ushort[pairsMax];
        _lent = new bool[pairsMax];
        for (var i = 0; i < pairsMax; i++)
        {
            var error = OpenPair((ushort)(first + (i * 2)));
            if (error == 0) continue;
            SkippedPairCount++;
            if (error is AddressInUse or AccessDenied) continue;
            Dispose();
            return error is ProcessFilesFull or SystemFilesFull
                ? RtpPortPoolResult.TooFewDescriptors
                : RtpPortPoolResult.BadAddress;
        }
        _idle = new int[PairCount];
        for (var i = 0; i < PairCount; i++) _idle[i] = i;
        IdlePairCount = PairCount;
        return PairCount > 0 ? RtpPortPoolResult.Ok : RtpPortPoolResult.NoPorts;
    }

    /// <summary>Lends the pair that rested longest, its sockets emptied and unconnected. False when none is
    /// idle.</summary>
    public bool TryRent(out int pairIndex)
    {
        pairIndex = -1;
        if (IdlePairCount == 0) return false;
        pairIndex = _idle[_head];
        _head = _head + 1 == PairCount ? 0 : _head + 1;
        IdlePairCount--;
        _lent[pairIndex] = true;
        Drain(_rtpSockets[pairIndex]);
        Drain(_rtcpSockets[pairIndex]);
        return true;
    }

    /// <summary>Takes a lent pair back; a pair that is not lent is left alone.</summary>
    /// <param name="pairIndex">The pair.</param>
    /// <param name="isRtpConnected">False spares the system call for a socket that never had a peer.</param>
    /// <param name="isRtcpConnected">As above.</param>
    public void Return(int pairIndex, bool isRtpConnected = true, bool isRtcpConnected = true)
    {
        if ((uint)pairIndex >= (uint)PairCount || !_lent[pairIndex]) return;
        _lent[pairIndex] = false;
        if (isRtpConnected) _ = UdpSocket.Disconnect(_rtpSockets[pairIndex]);
        if (isRtcpConnected) _ = UdpSocket.Disconnect(_rtcpSockets[pairIndex]);
        var tail = _head + IdlePairCount;
        _idle[tail >= PairCount ? tail - PairCount : tail] = pairIndex;
        IdlePairCount++;
    }

    /// <summary>The even port; RTCP has the next one.</summary>
    public ushort RtpPort(int pairIndex) => _ports[pairIndex];

    /// <summary>Throws away what waits on a socket of an idle pair.</summary>
    public void DrainStray(MediaPollKind kind, int pairIndex)
    {
        if ((uint)pairIndex >= (uint)PairCount) return;
        Drain(kind == MediaPollKind.Rtcp ? _rtcpSockets[pairIndex] : _rtpSockets[pairIndex]);
    }

    public void Dispose()
    {
        for (var i = 0; i < PairCount; i++)
        {
            UdpSocket.Close(_rtpSockets[i]);
            UdpSocket.Close(_rtcpSockets[i]);
        }
        (PairCount, IdlePairCount) = (0, 0);
    }

    internal int RtpSocket(int pairIndex) => _rtpSockets[pairIndex];

    internal int RtcpSocket(int pairIndex) => _rtcpSockets[pairIndex];

    // 0, or the negated errno of the half that failed; then neither half stays open.
    private int OpenPair(ushort port)
    {
        var rtp = UdpSocket.Open(BindAddress.WithPort(port), _receiveBufferBytes, reusePort: false);
        if (rtp < 0) return rtp;
        var rtcp = UdpSocket.Open(BindAddress.WithPort((ushort)(port + 1)), _receiveBufferBytes, reusePort: false);
        if (rtcp < 0)
        {
            UdpSocket.Close(rtp);
            return rtcp;
        }
        var error = _epoll.Add(rtp, MediaPollData.Encode(MediaPollKind.Rtp, PairCount));
        if (error == 0) error = _epoll.Add(rtcp, MediaPollData.Encode(MediaPollKind.Rtcp, PairCount));
        if (error != 0)
        {
            UdpSocket.Close(rtp);
            UdpSocket.Close(rtcp);
            return error;
        }
        _rtpSockets[PairCount] = rtp;
        _rtcpSockets[PairCount] = rtcp;
        _ports[PairCount++] = port;
        return 0;
    }

    // A one-byte buffer is enough to take a datagram off the queue. A refusal (from an earlier peer) is no datagram.
    private void Drain(int socket)
    {
        for (var i = 0; i < DrainDatagramsMax; i++)
        {
            var length = UdpSocket.Receive(socket, _scrap);
            if (length == UdpSocket.WouldBlock) return;
            if (length >= 0) StrayDatagrams++;
        }
    }
}
