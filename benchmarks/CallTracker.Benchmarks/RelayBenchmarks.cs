using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.Benchmarks;

/// <summary>
/// One RTP packet from a phone through the relay to the other phone, over loopback. The phones' own send and receive
/// are in the time: about half of it.
/// </summary>
public class RelayBenchmarks
{
    private readonly EpollEvent[] _ready = new EpollEvent[8];
    private readonly byte[] _packet = new byte[172];
    private readonly byte[] _received = new byte[2048];
    private NullMediaEvents _events;
    private Epoll? _epoll;
    private MediaRelay? _relay;
    private IpEndpoint _target;
    private int _caller;
    private int _shop;
    private ushort _sequence;

    [GlobalSetup]
    public void Setup()
    {
        _epoll = new Epoll();
        _relay = new MediaRelay(MediaPorts.Open(_epoll, pairs: 2), new MediaSettings());
        _caller = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F63_6302, 0), 0, reusePort: false);
        _shop = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F63_6303, 0), 0, reusePort: false);
        if (!_relay.TryOpen(1, out var session)) throw new InvalidOperationException("No ports.");
        SetRemote(session, MediaSide.A, UdpSocket.LocalEndpoint(_caller));
        SetRemote(session, MediaSide.B, UdpSocket.LocalEndpoint(_shop));
        _relay.MarkAnswered(session, 0);
        _target = MediaPorts.Address.WithPort(_relay.LocalPort(session, MediaSide.A));
        _packet[0] = 0x80;
    }

    [Benchmark]
    public int OnePacket()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _sequence * 160u);
        UdpSocket.SendTo(_caller, _packet, _target);
        var count = _epoll!.Wait(_ready, 100);
        for (var i = 0; i < count; i++) _relay!.OnReadable(_ready[i], 20, ref _events);
        var length = UdpSocket.Receive(_shop, _received);
        return length == _packet.Length ? length : throw new InvalidOperationException($"Not relayed: {length}.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        UdpSocket.Close(_caller);
        UdpSocket.Close(_shop);
        _relay!.Dispose();
        _epoll!.Dispose();
    }

    private void SetRemote(int session, MediaSide side, IpEndpoint rtp)
    {
        var rtcp = rtp.WithPort((ushort)(rtp.Port + 1));
        if (!_relay!.SetRemote(session, side, rtp, rtcp, rtcpMux: false, SdpDirection.SendRecv, 8000, 0))
            throw new InvalidOperationException("Not accepted.");
    }
}
