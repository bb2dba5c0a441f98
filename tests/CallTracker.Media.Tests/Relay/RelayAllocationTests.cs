using System.Runtime.CompilerServices;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Media.Recording;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;
using CallTracker.TestKit;

namespace CallTracker.Media.Tests.Relay;

/// <summary>Zero bytes in the steady state, proved by a meter that first proves it can find some.</summary>
public sealed class RelayAllocationTests
{
    private const int Rounds = 300;

    [Fact]
    public void Meter_WhenSomethingIsAllocated_SeesIt()
    {
        var bytes = Measure(static () => GC.KeepAlive(new byte[1]));
        bytes.ShouldBeGreaterThanOrEqualTo(Rounds * 24);
    }

    [Fact]
    public void RelayedPacket_AfterWarmUp_AllocatesNothing()
    {
        using var line = new Line("127.99.70");
        Measure(line.Relay).ShouldBe(0);
        line.Relayed.ShouldBeGreaterThan(Rounds);
    }

    [Fact]
    public void RelayedPacket_ByTheRing_AllocatesNothing()
    {
        Assert.SkipUnless(Rings.Missing is null, Rings.Missing ?? "");
        using var line = new Line("127.99.75", isRing: true);
        Measure(line.Relay).ShouldBe(0);
        line.Relayed.ShouldBeGreaterThan(Rounds);
    }

    [Fact]
    public void RecordedPacket_AfterWarmUp_AllocatesNothing()
    {
        using var line = new Line("127.99.73");
        line.Record();
        Measure(line.RelayRecorded).ShouldBe(0);
        line.Recorded.ShouldBeGreaterThan(Rounds);
    }

    [Fact]
    public void RecordingBegunAndEnded_AfterWarmUp_AllocatesNothing()
    {
        using var line = new Line("127.99.74");
        Measure(line.RecordAndStop).ShouldBe(0);
    }

    [Fact]
    public void RefusedPacket_AfterWarmUp_AllocatesNothing()
    {
        using var line = new Line("127.99.71");
        Measure(line.Refuse).ShouldBe(0);
        line.Refused.ShouldBeGreaterThan(Rounds);
    }

    [Fact]
    public void Session_OpenedMovedAndClosed_AllocatesNothing()
    {
        using var line = new Line("127.99.72");
        Measure(line.OpenAndClose).ShouldBe(0);
    }

    [Fact]
    public void Sdp_ParsedAndRewritten_AllocatesNothing()
    {
        var sdp = GoldenFile.Read("trunk-offer.in.sdp");
        var view = new SdpView();
        var destination = new byte[2048];
        var origin = new SdpOrigin(1);
        var local = RelayHarness.Endpoint("192.0.2.10", 30_000);
        Measure(() =>
        {
            view.Parse(sdp).ShouldBeOk();
            SdpRewriter.Write(view, local, ref origin, destination, out _).ShouldBeOk();
        }).ShouldBe(0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Measure(Action act)
    {
        for (var i = 0; i < Rounds; i++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>A relay and its peers without anything of the harness that allocates.</summary>
    private sealed class Line : IDisposable
    {
        private readonly Epoll _epoll = new();
        private readonly DatagramRing? _ring;
        private readonly EpollEvent[] _ready = new EpollEvent[8];
        private readonly MediaRelay _relay;
        private readonly int _a;
        private readonly int _b;
        private readonly int _stranger;
        private readonly IpEndpoint _farA;
        private readonly IpEndpoint _farB;
        private readonly IpEndpoint _localA;
        private readonly byte[] _packet = Packets.Rtp(1);
        private readonly byte[] _buffer = new byte[2048];
        private RecordedEvents _events = new([]);
        private readonly int _session;
        private long _nowMs = 1;

        public Line(string network, bool isRing = false)
        {
            var address = RelayHarness.NewAddress();
            if (isRing) MediaRing.TryOpen(_epoll, 6, out _ring).ShouldBe(0);
            var pool = new RtpPortPool(RelayHarness.Endpoint(address, 0), 20_000, 12, _epoll, ring: _ring);
            pool.Open().ShouldBe(RtpPortPoolResult.Ok);
            _ring?.Start();
            _relay = new MediaRelay(pool, new MediaSettings());
            (_a, _farA) = Open(network + ".1");
            (_b, _farB) = Open(network + ".2");
            (_stranger, _) = Open(network + ".3");
            _relay.TryOpen(1, out var session).ShouldBeTrue();
            SetRemotes(session);
            _session = session;
            _localA = RelayHarness.Endpoint(address, _relay.LocalPort(session, MediaSide.A));
        }

        public long Relayed => _relay.Counters.PacketsRelayed(MediaSide.A);

        public long Refused => _relay.Counters.Dropped(MediaDropReason.UnknownSource);

        public void Relay()
        {
            Send(_a);
            while (UdpSocket.Receive(_b, _buffer) < 0) Turn();
        }

        public long Recorded => _relay.Recording.Packets;

        public void Record()
        {
            _relay.Recording.Ring ??= new RecordingRing(RecordingRing.CapacityMin);
            var start = new RecordingStart { Sides = RecordedSides.Both };
            _relay.Recording.TryStart(_session, start, "label"u8, _nowMs).ShouldBeTrue();
        }

        public void RelayRecorded()
        {
            Relay();
            ReadRing();
        }

        public void RecordAndStop()
        {
            Record();
            _relay.Recording.SetFormats(_session, MediaSide.A, default, _nowMs);
            _relay.Recording.Stop(_session, _nowMs);
            ReadRing();
        }

        public void Refuse()
        {
            var refused = Refused;
            Send(_stranger);
            while (Refused == refused) Turn();
        }

        public void OpenAndClose()
        {
            _relay.TryOpen(2, out var session);
            SetRemotes(session);
            _relay.MarkAnswered(session, _nowMs);
            _relay.TryRenew(session, MediaSide.B, out _);
            _relay.Close(session, out _, out _);
            _relay.Tick(_nowMs += 100, ref _events);
        }

        public void Dispose()
        {
            _ring?.Stop();
            _relay.Dispose();
            _ring?.Dispose();
            _epoll.Dispose();
            UdpSocket.Close(_a);
            UdpSocket.Close(_b);
            UdpSocket.Close(_stranger);
        }

        private void ReadRing()
        {
            while (_relay.Recording.Ring!.TryPeek(out var entry, out _)) _relay.Recording.Ring.Take(entry);
        }

        private void Turn()
        {
            if (_ring is not null)
            {
                _ring.Wait(1000);
                _relay.TakeReceived(int.MaxValue, _nowMs, ref _events, out _);
            }
            var count = _epoll.Wait(_ready, _ring is null ? 1 : 0);
            for (var i = 0; i < count; i++) _relay.OnReadable(_ready[i], _nowMs, ref _events);
            _relay.Tick(_nowMs += 20, ref _events);
        }

        private void Send(int socket)
        {
            _packet[3]++;
            UdpSocket.SendTo(socket, _packet, _localA);
        }

        private void SetRemotes(int session)
        {
            _relay.SetRemote(session, MediaSide.A, _farA, _farA, false, SdpDirection.SendRecv, 8000, _nowMs);
            _relay.SetRemote(session, MediaSide.B, _farB, _farB, false, SdpDirection.SendRecv, 8000, _nowMs);
        }

        private static (int Socket, IpEndpoint Local) Open(string address)
        {
            var socket = UdpSocket.Open(RelayHarness.Endpoint(address, 0), 0, reusePort: false);
            socket.ShouldBeGreaterThan(0);
            return (socket, UdpSocket.LocalEndpoint(socket));
        }
    }
}
