using System.Diagnostics;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.TestKit;

namespace CallTracker.Media.Tests.Support;

/// <summary>
/// A relay on real sockets and hand-driven time. Each harness binds a loopback address of its own, so that tests in
/// parallel never share a port.
/// </summary>
internal sealed class RelayHarness : IDisposable
{
    private const int FirstPort = 20_000;
    private const int DeadlineMs = 5000;
    // All of the relay's tests by io_uring instead of epoll, but those that say which.
    private static readonly bool s_isRing = Environment.GetEnvironmentVariable("CALLTRACKER_IO") == "uring";
    private static int s_instances;
    private readonly Epoll _epoll = new();
    private readonly DatagramRing? _ring;
    private readonly EpollEvent[] _ready = new EpollEvent[64];
    private readonly IpEndpoint _second;
    private RecordedEvents _events;

    public RelayHarness(
        MediaSettings? settings = null, int pairs = 8, int firstPort = FirstPort, IpEndpoint second = default,
        bool? isRing = null)
    {
        Address = NewAddress();
        _second = second;
        if (isRing ?? s_isRing)
        {
            Assert.SkipUnless(Rings.Missing is null, Rings.Missing ?? "");
            MediaRing.TryOpen(_epoll, pairs * 2, out _ring).ShouldBe(0);
        }
        Ports = new RtpPortPool(
            Endpoint(Address, 0), (ushort)firstPort, pairs * 2, _epoll, secondBindAddress: second, ring: _ring);
        Ports.Open().ShouldBe(RtpPortPoolResult.Ok);
        _ring?.Start().ShouldBe(0);
        Relay = new MediaRelay(Ports, settings ?? new MediaSettings());
        _events = new RecordedEvents(Told);
    }

    public string Address { get; }

    public RtpPortPool Ports { get; }

    public MediaRelay Relay { get; }

    public List<string> Told { get; } = [];

    public long NowMs { get; set; } = 1_000_003;

    public static string NewAddress()
    {
        var n = Interlocked.Increment(ref s_instances);
        return $"127.88.{n / 250}.{(n % 250) + 1}";
    }

    public static IpEndpoint Endpoint(string address, int port) =>
        IpEndpoint.From(System.Net.IPAddress.Parse(address), port);

    /// <summary>The receiver of events closes the session it is told of.</summary>
    public void CloseOnEvent() => _events.CloseWith = Relay;

    public int Open(int user = 77)
    {
        Relay.TryOpen(user, out var session).ShouldBeTrue();
        return session;
    }

    /// <summary>A session with both remotes known and answered.</summary>
    public int OpenBetween(MediaPeer a, MediaPeer b)
    {
        var session = Open();
        SetRemote(session, MediaSide.A, a.Endpoint).ShouldBeTrue();
        SetRemote(session, MediaSide.B, b.Endpoint).ShouldBeTrue();
        Relay.MarkAnswered(session, NowMs);
        return session;
    }

    public bool SetRemote(
        int session,
        MediaSide side,
        IpEndpoint rtp,
        IpEndpoint? rtcp = null,
        bool mux = false,
        SdpDirection direction = SdpDirection.SendRecv) =>
        Relay.SetRemote(
            session, side, rtp, rtcp ?? rtp.WithPort((ushort)(rtp.Port + 1)), mux, direction, 8000, NowMs);

    /// <summary>Where a peer sends RTP for a side; plus one for RTCP.</summary>
    public IpEndpoint Local(int session, MediaSide side, int plus = 0) =>
        (Relay.IsIpv4(session, side) ? Endpoint(Address, 0) : _second)
            .WithPort((ushort)(Relay.LocalPort(session, side) + plus));

    /// <summary>Handles all that is ready; how many datagrams that were.</summary>
    public int Pump()
    {
        int total = 0, count;
        while ((count = PumpRing() + PumpEpoll()) > 0) total += count;
        return total;
    }

    private int PumpRing()
    {
        if (_ring is null) return 0;
        _ring.Wait(0);
        Relay.TakeReceived(int.MaxValue, NowMs, ref _events, out var taken);
        return taken;
    }

    private int PumpEpoll()
    {
        var count = _epoll.Wait(_ready, 0);
        for (var i = 0; i < count; i++) Relay.OnReadable(_ready[i], NowMs, ref _events);
        return count;
    }

    /// <summary>Waits for datagrams that are on their way, and handles them.</summary>
    public void PumpSome()
    {
        var watch = Stopwatch.StartNew();
        while (Pump() == 0)
        {
            if (watch.ElapsedMilliseconds > DeadlineMs) throw new InvalidOperationException("None came.");
            WaitShortly();
        }
    }

    private void WaitShortly()
    {
        if (_ring is null) _ = _epoll.Wait(_ready.AsSpan(0, 1), 1);
        else _ring.Wait(1000);
    }

    /// <summary>Handles events until a datagram has reached the peer; it.</summary>
    public byte[] PumpTo(MediaPeer peer, out IpEndpoint source)
    {
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < DeadlineMs)
        {
            Pump();
            if (peer.TryReceive(out var datagram, out source)) return datagram;
            WaitShortly();
        }
        throw new InvalidOperationException("No datagram came within the deadline.");
    }

    /// <summary>Handles events until the condition holds.</summary>
    public void PumpUntil(Func<bool> isDone)
    {
        var watch = Stopwatch.StartNew();
        while (!isDone())
        {
            Pump();
            watch.ElapsedMilliseconds.ShouldBeLessThan(DeadlineMs, "the awaited condition never came");
        }
    }

    /// <summary>Lets time pass in the watch's steps.</summary>
    public void Pass(int ms)
    {
        var endMs = NowMs + ms;
        while (NowMs < endMs)
        {
            NowMs = Math.Min(endMs, NowMs + 100);
            Relay.Tick(NowMs, ref _events);
        }
    }

    /// <summary>Lets time pass in a worker's steps while input flows.</summary>
    public void Step(int ms)
    {
        var endMs = NowMs + ms;
        while (NowMs < endMs)
        {
            NowMs = Math.Min(endMs, NowMs + 4);
            Relay.Tick(NowMs, ref _events);
        }
    }

    public long Dropped(MediaDropReason reason) => Relay.Counters.Dropped(reason);

    public MediaTotals Totals(int session, MediaSide side)
    {
        Relay.TryReadTotals(session, side, out var totals).ShouldBeTrue();
        return totals;
    }

    public void Dispose()
    {
        _ring?.Stop();
        Relay.Dispose();
        _ring?.Dispose();
        _epoll.Dispose();
    }
}
