using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>
/// The relay by io_uring: what differs from epoll. All other tests of the relay run by io_uring too, with
/// CALLTRACKER_IO set to uring.
/// </summary>
public sealed class RelayRingTests
{
    [Fact]
    public void Rtp_BothDirections_ArrivesInOrderFromTheOtherSidesPort()
    {
        using var harness = new RelayHarness(isRing: true);
        using MediaPeer a = new("127.99.40.1"), b = new("127.99.40.2");
        var session = harness.OpenBetween(a, b);
        for (var i = 0; i < 30; i++)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(i));
        }
        harness.Pump().ShouldBe(60);
        b.ReceiveSequences().ShouldBe(Enumerable.Range(0, 30));
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(30));
        harness.PumpTo(b, out var source).ShouldBe(Packets.Rtp(30));
        source.ShouldBe(harness.Local(session, MediaSide.B));
        harness.Relay.Close(session, out var totalsA, out var totalsB);
        (totalsA.Packets, totalsA.Relayed, totalsA.RelayedBytes).ShouldBe((31UL, 31UL, 31UL * 172));
        (totalsB.Packets, totalsB.Relayed, totalsB.Dropped).ShouldBe((30UL, 30UL, 0UL));
    }

    [Fact]
    public void Packet_OfAFormerCallThatTheRingHasAlready_NeverReachesTheNext()
    {
        using var harness = new RelayHarness(pairs: 2, isRing: true);
        using MediaPeer a = new("127.99.41.1"), b = new("127.99.41.2");
        var former = harness.OpenBetween(a, b);
        a.Send(harness.Local(former, MediaSide.A), Packets.Rtp(1));
        harness.Ports.Ring!.Wait(0);
        harness.Relay.Close(former, out _, out _);
        var next = harness.OpenBetween(a, b);
        harness.Pump();
        b.TryReceive(out _, out _).ShouldBeFalse();
        harness.Ports.Ring.Stale.ShouldBe(1);
        harness.Totals(next, MediaSide.A).Packets.ShouldBe(0UL);
    }

    [Fact]
    public void Session_ClosedByItsFirstPacket_SendsThatOne()
    {
        using var harness = new RelayHarness(isRing: true);
        using MediaPeer a = new("127.99.42.1"), b = new("127.99.42.2");
        var session = harness.OpenBetween(a, b);
        harness.CloseOnEvent();
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(1));
        harness.Relay.OpenSessions.ShouldBe(0);
    }

    [Fact]
    public void Packet_OnAnIdlePort_IsCountedAsStray()
    {
        using var harness = new RelayHarness(isRing: true);
        using var stranger = new MediaPeer("127.99.43.1");
        var session = harness.Open();
        var local = harness.Local(session, MediaSide.A);
        harness.Relay.Close(session, out _, out _);
        stranger.Send(local, Packets.Rtp(1));
        harness.Pump().ShouldBe(1);
        harness.Dropped(MediaDropReason.Stray).ShouldBe(1);
        harness.Ports.StrayDatagrams.ShouldBe(1);
    }

    [Fact]
    public void Packet_LongerThanABuffer_IsDroppedWhole()
    {
        using var harness = new RelayHarness(isRing: true);
        using MediaPeer a = new("127.99.44.1"), b = new("127.99.44.2");
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), [.. Packets.Rtp(1), .. new byte[2000]]);
        harness.Pump();
        harness.Dropped(MediaDropReason.TooLong).ShouldBe(1);
    }

    [Fact]
    public void Peer_Gone_IsCountedAndTheOtherDirectionGoesOn()
    {
        using var harness = new RelayHarness(isRing: true);
        using var a = new MediaPeer("127.99.45.1");
        var b = new MediaPeer("127.99.45.2");
        var session = harness.OpenBetween(a, b);
        for (var i = 0; i < 4; i++) Exchange(i);
        b.Dispose();
        for (var i = 4; i < 10; i++)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            harness.Pump();
        }
        harness.Relay.Counters.Refusals.ShouldBeGreaterThan(0);
        using var back = new MediaPeer("127.99.45.2", b.Endpoint.Port);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(10));
        harness.PumpTo(back, out _).ShouldBe(Packets.Rtp(10));

        void Exchange(int i)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(i));
            harness.PumpTo(b, out _);
            harness.PumpTo(a, out _);
        }
    }
}
