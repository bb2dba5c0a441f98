using BenchmarkDotNet.Attributes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Playback;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;

namespace CallTracker.Benchmarks;

/// <summary>One packet of a prompt from the player to a phone, over loopback; its receive is in the time.</summary>
public class PlayerBenchmarks
{
    private readonly byte[] _received = new byte[2048];
    private NullMediaEvents _events;
    private Epoll? _epoll;
    private MediaRelay? _relay;
    private int _phone;
    private long _nowMs = 1000;

    [GlobalSetup]
    public void Setup()
    {
        _epoll = new Epoll();
        _relay = new MediaRelay(MediaPorts.Open(_epoll, pairs: 2), new MediaSettings());
        _phone = UdpSocket.Open(IpEndpoint.FromIpv4(0x7F63_6304, 0), 0, reusePort: false);
        if (!_relay.TryOpen(1, out var session)) throw new InvalidOperationException("No ports.");
        var rtp = UdpSocket.LocalEndpoint(_phone);
        _relay.SetRemote(session, MediaSide.A, rtp, rtp, rtcpMux: true, SdpDirection.SendRecv, 8000, _nowMs);
        var request = new PlayRequest(Tones.Ringback.Looped, new PlayFormat(PromptCodecs.Pcmu, 0), PlayUse.Prompt);
        if (!_relay.Player.Start(session, MediaSide.A, request, _nowMs))
            throw new InvalidOperationException("Nothing plays.");
    }

    [Benchmark]
    public int OneFrame()
    {
        _nowMs += 20;
        _relay!.Play(_nowMs, ref _events);
        var length = UdpSocket.Receive(_phone, _received);
        // The first turn sends two frames: what is due at the beginning, and 20 ms later.
        while (UdpSocket.Receive(_phone, _received) > 0) continue;
        return length == 172 ? length : throw new InvalidOperationException($"Not played: {length}.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        UdpSocket.Close(_phone);
        _relay!.Dispose();
        _epoll!.Dispose();
    }
}
