using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>What is relayed, and from which port, on real sockets.</summary>
public sealed class RelayForwardTests
{
    [Fact]
    public void Rtp_BothDirections_ArrivesUnchangedFromTheOtherSidesPort()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.1.1"), b = new("127.99.1.2");
        var session = harness.OpenBetween(a, b);
        for (var i = 0; i < 20; i++)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            harness.PumpTo(b, out var fromB).ShouldBe(Packets.Rtp(i));
            fromB.ShouldBe(harness.Local(session, MediaSide.B));
            b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(1000 + i));
            harness.PumpTo(a, out var fromA).ShouldBe(Packets.Rtp(1000 + i));
            fromA.ShouldBe(harness.Local(session, MediaSide.A));
        }
        harness.Relay.Close(session, out var totalsA, out var totalsB);
        (totalsA.Packets, totalsA.Relayed, totalsA.Lost, totalsA.Bytes).ShouldBe((20UL, 20UL, 0UL, 20UL * 172));
        (totalsB.Packets, totalsB.Relayed, totalsB.Dropped).ShouldBe((20UL, 20UL, 0UL));
        totalsA.Peer.ShouldBe(a.Endpoint);
        harness.Relay.Counters.PacketsRelayed(MediaSide.A).ShouldBe(20);
        harness.Relay.Counters.BytesRelayed(MediaSide.B).ShouldBe(20 * 172);
        harness.Told.ShouldBe(["first 77 A", "first 77 B"]);
    }

    [Fact]
    public void Rtcp_OnItsOwnPort_IsRelayedAndCountedApart()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.2.1"), b = new("127.99.2.2");
        using MediaPeer aRtcp = new("127.99.2.1", a.Endpoint.Port + 1), bRtcp = new("127.99.2.2", b.Endpoint.Port + 1);
        var session = harness.OpenBetween(a, b);
        for (byte mark = 0; mark < 3; mark++)
        {
            aRtcp.Send(harness.Local(session, MediaSide.A, plus: 1), Packets.Rtcp(mark));
            harness.PumpTo(bRtcp, out var source).ShouldBe(Packets.Rtcp(mark));
            source.ShouldBe(harness.Local(session, MediaSide.B, plus: 1));
            bRtcp.Send(harness.Local(session, MediaSide.B, plus: 1), Packets.Rtcp(mark));
            harness.PumpTo(aRtcp, out _).ShouldBe(Packets.Rtcp(mark));
        }
        harness.Relay.Close(session, out var totalsA, out var totalsB);
        (totalsA.RtcpPackets, totalsA.RtcpRelayed, totalsA.Packets).ShouldBe((3UL, 3UL, 0UL));
        (totalsB.RtcpPackets, totalsB.RtcpRelayed, totalsB.Packets).ShouldBe((3UL, 3UL, 0UL));
        harness.Relay.Counters.RtcpRelayed.ShouldBe(6);
    }

    [Fact]
    public void Rtcp_MuxedOnOneSideOnly_CrossesBetweenRtpPortAndRtcpPort()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.3.1"), b = new("127.99.3.2"), bRtcp = new("127.99.3.2", b.Endpoint.Port + 1);
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, a.Endpoint, mux: true);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtcp(1));
        harness.PumpTo(bRtcp, out var source).ShouldBe(Packets.Rtcp(1));
        source.ShouldBe(harness.Local(session, MediaSide.B, plus: 1));
        bRtcp.Send(harness.Local(session, MediaSide.B, plus: 1), Packets.Rtcp(2));
        harness.PumpTo(a, out source).ShouldBe(Packets.Rtcp(2));
        source.ShouldBe(harness.Local(session, MediaSide.A));
        harness.Totals(session, MediaSide.A).Packets.ShouldBe(0UL);
    }

    [Fact]
    public void Rtcp_OnTheRtpPortWithoutMux_IsDroppedAndCounted()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.4.1"), b = new("127.99.4.2");
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtcp());
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.UnexpectedRtcp) == 1);
        b.TryReceive(out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, MediaDropReason.TooShort)]
    [InlineData(1, MediaDropReason.Stun)]
    [InlineData(2, MediaDropReason.Dtls)]
    [InlineData(3, MediaDropReason.OtherProtocol)]
    [InlineData(4, MediaDropReason.TooShort)]
    [InlineData(5, MediaDropReason.NotRtp)]
    [InlineData(6, MediaDropReason.TooLong)]
    public void Datagram_ThatIsNoRtp_IsDroppedByReason(int which, MediaDropReason reason)
    {
        byte[][] datagrams =
        [
            [], Packets.Stun(), Packets.Dtls(), [100, 1, 2, 3], [0x80, 0, 1, 2],
            [0x8f, 0, .. new byte[14]], [.. Packets.Rtp(1), .. new byte[2000]],
        ];
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.5.1"), b = new("127.99.5.2");
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), datagrams[which]);
        harness.PumpUntil(() => harness.Dropped(reason) == 1);
        b.TryReceive(out _, out _).ShouldBeFalse();
        harness.Totals(session, MediaSide.A).Dropped.ShouldBe(1UL);
    }

    [Fact]
    public void Dtls_InAnOpaqueSession_IsRelayed()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.6.1"), b = new("127.99.6.2");
        var session = harness.OpenBetween(a, b);
        harness.Relay.SetOpaque(session, isOpaque: true);
        a.Send(harness.Local(session, MediaSide.A), Packets.Dtls());
        harness.PumpTo(b, out _).ShouldBe(Packets.Dtls());
        harness.Totals(session, MediaSide.A).Packets.ShouldBe(1UL);
    }

    [Fact]
    public void Rtp_WhileTheOtherSideIsUnknown_IsMeasuredButSentToNobody()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.7.1");
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.NoPeer) == 1);
        var totals = harness.Totals(session, MediaSide.A);
        (totals.Packets, totals.Relayed, totals.Dropped).ShouldBe((1UL, 0UL, 1UL));
    }

    [Theory]
    [InlineData(20, 10, 10)]
    [InlineData(31, 10, 1)]
    [InlineData(31, 20, 5)]
    public void Backlog_AfterAPause_IsTakenInOneTurnUpToItsBound(int pauseMs, int packets, int turns)
    {
        // A ring gives all of it anyway.
        using var harness = new RelayHarness(isRing: false);
        using MediaPeer a = new("127.99.9.1"), b = new("127.99.9.2");
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(0));
        harness.PumpTo(b, out _);
        for (var i = 1; i <= packets; i++) a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
        harness.NowMs += pauseMs;
        harness.Pump().ShouldBe(turns);
        b.ReceiveSequences().ShouldBe(Enumerable.Range(1, packets));
    }

    [Fact]
    public void Session_ClosedOnFirstPacket_LeavesTheRelayWhole()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.8.1"), b = new("127.99.8.2");
        harness.CloseOnEvent();
        var session = harness.OpenBetween(a, b);
        var local = harness.Local(session, MediaSide.A);
        a.Send(local, Packets.Rtp(1));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(1));
        harness.Relay.OpenSessions.ShouldBe(0);
        harness.Relay.LocalPort(session, MediaSide.A).ShouldBe((ushort)0);
        a.Send(local, Packets.Rtp(2));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.Stray) == 1);
    }

    [Fact]
    public void SessionId_OfAnEarlierUse_FindsNothing()
    {
        using var harness = new RelayHarness(pairs: 2);
        var first = harness.Open(user: 1);
        harness.Relay.Close(first, out _, out _);
        var second = harness.Open(user: 2);
        second.ShouldNotBe(first);
        harness.Relay.Close(first, out _, out _);
        harness.Relay.OpenSessions.ShouldBe(1);
        harness.SetRemote(first, MediaSide.A, RelayHarness.Endpoint("127.0.0.1", 4000)).ShouldBeFalse();
        harness.Relay.TryReadTotals(-1, MediaSide.A, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("224.1.2.3", 4000)]
    [InlineData("255.255.255.255", 4000)]
    [InlineData("::1", 4000)]
    public void SetRemote_ToWhatCannotBeAPeer_SaysNo(string address, int port)
    {
        using var harness = new RelayHarness();
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, RelayHarness.Endpoint(address, port)).ShouldBeFalse();
    }
}
