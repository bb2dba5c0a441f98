using CallTracker.Core.Net;

namespace CallTracker.Media.Relay;

/// <summary>
/// A worker's share of the media ports: even/odd pairs (RTP, RTCP), all bound and watched by the worker's epoll from
/// start to end, so that a call costs no socket, bind or close. With two addresses, one of each IP version, both have
/// the same ports. An empty pool is a policy, not an error: <see cref="TryRent(out int)"/> says no, and the call is
/// refused. Owned and used by one worker thread.
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
    private readonly DatagramRing? _ring;
    private readonly ushort _firstPort;
    private readonly int _portCount;
    private readonly int _receiveBufferBytes;
    private readonly byte[] _scrap = new byte[1];
    private int[] _rtpSockets = [];
    private int[] _rtcpSockets = [];
    private ushort[] _ports = [];
    private bool[] _lent = [];
    // Of the first address's IP version, and of the second's.
    private PairRing _idle = new(0, 0);
    private PairRing _idleOfSecond = new(0, 0);

    /// <param name="bindAddress">One address of this machine; its port is not looked at.</param>
    /// <param name="firstPort">First port of the share; an odd one is left out.</param>
    /// <param name="portCount">Ports of the share, two per pair.</param>
    /// <param name="epoll">The owning worker's epoll.</param>
    /// <param name="receiveBufferBytes">Kernel receive buffer per socket.</param>
    /// <param name="secondBindAddress">An address of the other IP version; unspecified when there is none.</param>
    /// <param name="ring">Receives what comes to the RTP ports, in the epoll's place; of the same worker.</param>
    public RtpPortPool(
        IpEndpoint bindAddress,
        ushort firstPort,
        int portCount,
        Epoll epoll,
        int receiveBufferBytes = DefaultReceiveBufferBytes,
        IpEndpoint secondBindAddress = default,
        DatagramRing? ring = null)
    {
        BindAddress = bindAddress.WithPort(0);
        SecondBindAddress = secondBindAddress.WithPort(0);
        _firstPort = firstPort;
        _portCount = portCount;
        _epoll = epoll;
        _ring = ring;
        _receiveBufferBytes = receiveBufferBytes;
    }

    public IpEndpoint BindAddress { get; }

    /// <summary>Unspecified when the pool has one IP version alone.</summary>
    public IpEndpoint SecondBindAddress { get; }

    /// <summary>Pairs bound at start.</summary>
    public int PairCount { get; private set; }

    /// <summary>Pairs of the range that another program holds.</summary>
    public int SkippedPairCount { get; private set; }

    public int IdlePairCount => _idle.Count + _idleOfSecond.Count;

    /// <summary>Pairs bound of the IP version that has more.</summary>
    public int PairCountOfOneVersion => Math.Max(_idle.Capacity, _idleOfSecond.Capacity);

    /// <summary>Datagrams found on idle ports, and thrown away.</summary>
    public long StrayDatagrams { get; private set; }

    /// <summary>By which the RTP ports receive; null: by the epoll.</summary>
    public DatagramRing? Ring => _ring;

    /// <summary>Binds and watches the whole share. Once, at start.</summary>
    public RtpPortPoolResult Open()
    {
        var first = _firstPort + (_firstPort & 1);
        var pairsMax = (_firstPort + _portCount - first) / 2;
        var isOutside = _firstPort < PortMin || first + (pairsMax * 2) > 0x1_0000;
        if (isOutside || pairsMax < 1) return RtpPortPoolResult.BadRange;
        if (BindAddress.IsUnspecified || BindAddress.IsMulticast) return RtpPortPoolResult.BadAddress;
        var hasSecond = !SecondBindAddress.IsUnspecified;
        if (hasSecond && SecondBindAddress.IsIpv4 == BindAddress.IsIpv4) return RtpPortPoolResult.BadAddress;
        MakeRoom(hasSecond ? pairsMax * 2 : pairsMax);
        var result = OpenPairs(BindAddress, first, pairsMax);
        if (result != RtpPortPoolResult.Ok) return result;
        _idle = new PairRing(0, PairCount);
        if (!hasSecond) return RtpPortPoolResult.Ok;
        result = OpenPairs(SecondBindAddress, first, pairsMax);
        _idleOfSecond = new PairRing(_idle.Capacity, PairCount - _idle.Capacity);
        return result;
    }

    /// <summary>Lends a pair of the first address's IP version; see the overload.</summary>
    public bool TryRent(out int pairIndex) => TryRent(BindAddress.IsIpv4, out pairIndex);

    /// <summary>
    /// Lends the pair of an IP version that rested longest, its sockets emptied and unconnected. False when none is
    /// idle.
    /// </summary>
    public bool TryRent(bool isIpv4, out int pairIndex)
    {
        var ring = isIpv4 == BindAddress.IsIpv4 ? _idle : _idleOfSecond;
        if (!ring.TryTake(out pairIndex)) return false;
        _lent[pairIndex] = true;
        _ring?.MarkStale(pairIndex);
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
        _ring?.Flush();
        if (isRtpConnected) _ = UdpSocket.Disconnect(_rtpSockets[pairIndex]);
        if (isRtcpConnected) _ = UdpSocket.Disconnect(_rtcpSockets[pairIndex]);
        if (pairIndex < _idle.Capacity) _idle.Return(pairIndex);
        else _idleOfSecond.Return(pairIndex);
    }

    /// <summary>The address that a pair is bound to; its port is 0.</summary>
    public IpEndpoint AddressOf(int pairIndex) => pairIndex < _idle.Capacity ? BindAddress : SecondBindAddress;

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
        PairCount = 0;
        (_idle, _idleOfSecond) = (new PairRing(0, 0), new PairRing(0, 0));
    }

    internal void CountStray() => StrayDatagrams++;

    internal int RtpSocket(int pairIndex) => _rtpSockets[pairIndex];

    internal int RtcpSocket(int pairIndex) => _rtcpSockets[pairIndex];

    private void MakeRoom(int pairsMax)
    {
        _rtpSockets = new int[pairsMax];
        _rtcpSockets = new int[pairsMax];
        _ports = new ushort[pairsMax];
        _lent = new bool[pairsMax];
    }

    // Pairs that another program holds are left out; at least one must be had.
    private RtpPortPoolResult OpenPairs(in IpEndpoint address, int first, int pairsMax)
    {
        var before = PairCount;
        for (var i = 0; i < pairsMax; i++)
        {
            var error = OpenPair(address, (ushort)(first + (i * 2)));
            if (error == 0) continue;
            SkippedPairCount++;
            if (error is AddressInUse or AccessDenied) continue;
            Dispose();
            return error is ProcessFilesFull or SystemFilesFull
                ? RtpPortPoolResult.TooFewDescriptors
                : RtpPortPoolResult.BadAddress;
        }
        return PairCount > before ? RtpPortPoolResult.Ok : RtpPortPoolResult.NoPorts;
    }

    // 0, or the negated errno of the half that failed; then neither half stays open.
    private int OpenPair(in IpEndpoint address, ushort port)
    {
        var rtp = UdpSocket.Open(address.WithPort(port), _receiveBufferBytes, reusePort: false);
        if (rtp < 0) return rtp;
        var rtcp = UdpSocket.Open(address.WithPort((ushort)(port + 1)), _receiveBufferBytes, reusePort: false);
        if (rtcp < 0)
        {
            UdpSocket.Close(rtp);
            return rtcp;
        }
        var error = _epoll.Add(rtcp, MediaPollData.Encode(MediaPollKind.Rtcp, PairCount));
        if (error == 0) error = WatchRtp(rtp);
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

    private int WatchRtp(int socket)
    {
        if (_ring is null) return _epoll.Add(socket, MediaPollData.Encode(MediaPollKind.Rtp, PairCount));
        _ring.Watch(PairCount, socket);
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
