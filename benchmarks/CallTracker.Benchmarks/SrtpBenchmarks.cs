using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;

namespace CallTracker.Benchmarks;

/// <summary>
/// One RTP packet from a plain phone to another, on the way sealed by one session of the relay and opened by the next.
/// Compare with twice <see cref="RelayBenchmarks"/>.
/// </summary>
public class SrtpBenchmarks
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

    [GlobalSetup(Target = nameof(SealAndOpenGalois))]
    public void SetupGalois() => Setup(SrtpSuite.Aead128Gcm);

    [GlobalSetup(Target = nameof(SealAndOpenCounter))]
    public void SetupCounter() => Setup(SrtpSuite.Cm128Sha80);

    [Benchmark]
    public int SealAndOpenGalois() => OnePacket();

    [Benchmark]
    public int SealAndOpenCounter() => OnePacket();

    [GlobalCleanup]
    public void Cleanup()
    {
        UdpSocket.Close(_caller);
        UdpSocket.Close(_shop);
        _relay!.Dispose();
        _epoll!.Dispose();
    }

    private void Setup(SrtpSuite suite)
    {
        _epoll = new Epoll();
        _relay = new MediaRelay(MediaPorts.Open(_epoll, pairs: 4), new MediaSettings());
        _caller = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F63_6302, 0), 0, reusePort: false);
        _shop = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F63_6303, 0), 0, reusePort: false);
        var (near, far) = (Open(1), Open(2));
        var (forth, back) = (SrtpLocal.Make().KeyOf(suite), SrtpLocal.Make().KeyOf(suite));
        _relay.SetKeys(near, MediaSide.B, forth, back);
        _relay.SetKeys(far, MediaSide.A, back, forth);
        SetRemote(near, MediaSide.A, UdpSocket.LocalEndpoint(_caller));
        SetRemote(near, MediaSide.B, Port(far, MediaSide.A));
        SetRemote(far, MediaSide.A, Port(near, MediaSide.B));
        SetRemote(far, MediaSide.B, UdpSocket.LocalEndpoint(_shop));
        _target = Port(near, MediaSide.A);
        _packet[0] = 0x80;
    }

    private int OnePacket()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(2), ++_sequence);
        BinaryPrimitives.WriteUInt32BigEndian(_packet.AsSpan(4), _sequence * 160u);
        UdpSocket.SendTo(_caller, _packet, _target);
        for (var turn = 0; turn < 2; turn++)
        {
            var count = _epoll!.Wait(_ready, 100);
            for (var i = 0; i < count; i++) _relay!.OnReadable(_ready[i], 20, ref _events);
        }
        var length = UdpSocket.Receive(_shop, _received);
        return length == _packet.Length ? length : throw new InvalidOperationException($"Not relayed: {length}.");
    }

    private int Open(int user) =>
        _relay!.TryOpen(user, out var session) ? session : throw new InvalidOperationException("No ports.");

    private IpEndpoint Port(int session, MediaSide side) =>
        MediaPorts.Address.WithPort(_relay!.LocalPort(session, side));

    private void SetRemote(int session, MediaSide side, IpEndpoint rtp)
    {
        var rtcp = rtp.WithPort((ushort)(rtp.Port + 1));
        if (!_relay!.SetRemote(session, side, rtp, rtcp, rtcpMux: false, SdpDirection.SendRecv, 8000, 0))
            throw new InvalidOperationException("Not accepted.");
        _relay.MarkAnswered(session, 0);
    }
}
