using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>re-INVITE, hold, hunting: the far end moves, our ports do not.</summary>
public sealed class RelayRemoteChangeTests
{
    [Fact]
    public void Remote_MovedBySignalling_KeepsTheLocalPortAndLatchesAnew()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.30.1"), moved = new("127.99.30.3"), b = new("127.99.30.2");
        var session = harness.OpenBetween(a, b);
        var local = harness.Local(session, MediaSide.A);
        a.Send(local, Packets.Rtp(1));
        harness.PumpTo(b, out _);
        harness.SetRemote(session, MediaSide.A, moved.Endpoint).ShouldBeTrue();
        harness.Local(session, MediaSide.A).ShouldBe(local);
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(500));
        harness.PumpTo(moved, out var source).ShouldBe(Packets.Rtp(500));
        source.ShouldBe(local);
        for (var i = 2; i < 12; i++) a.Send(local, Packets.Rtp(i));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.FormerSource) == 10);
        moved.Send(local, Packets.Rtp(90, ssrc: 5));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(90, ssrc: 5));
        a.TryReceive(out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Remote_RefreshedUnchanged_KeepsTheConnectedSocket()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.31.1"), b = new("127.99.31.2"), stranger = new("127.98.31.1");
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpTo(b, out _);
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        for (var i = 0; i < 10; i++) stranger.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(2));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(2));
        harness.Totals(session, MediaSide.A).Dropped.ShouldBe(0UL);
    }

    [Fact]
    public void Remote_HeldByAddress_IsSentNothingUntilResumed()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.32.1"), b = new("127.99.32.2");
        var session = harness.OpenBetween(a, b);
        var held = RelayHarness.Endpoint("0.0.0.0", a.Endpoint.Port);
        harness.SetRemote(session, MediaSide.A, held, direction: SdpDirection.SendOnly).ShouldBeTrue();
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(1));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.NoPeer) == 1);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(7));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(7), "music on hold still passes");
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(2));
        harness.PumpTo(a, out _).ShouldBe(Packets.Rtp(2));
    }

    [Fact]
    public void Side_Renewed_HasANewPortAndForgetsTheFormerPeer()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.33.1"), first = new("127.99.33.2"), second = new("127.99.33.3");
        var session = harness.OpenBetween(a, first);
        var former = harness.Local(session, MediaSide.B);
        first.Send(former, Packets.Rtp(1));
        harness.PumpTo(a, out _);
        harness.Relay.TryRenew(session, MediaSide.B, out var past).ShouldBeTrue();
        past.Packets.ShouldBe(1UL);
        harness.Local(session, MediaSide.B).ShouldNotBe(former);
        harness.SetRemote(session, MediaSide.B, second.Endpoint);
        first.Send(former, Packets.Rtp(2));
        second.Send(harness.Local(session, MediaSide.B), Packets.Rtp(9));
        harness.PumpTo(a, out _).ShouldBe(Packets.Rtp(9));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.Stray) == 1);
        harness.Totals(session, MediaSide.B).Packets.ShouldBe(1UL);
    }

    [Fact]
    public void Side_RenewedWithoutIdlePorts_StaysAsItWas()
    {
        using var harness = new RelayHarness(pairs: 2);
        var session = harness.Open();
        var local = harness.Local(session, MediaSide.B);
        harness.Relay.TryRenew(session, MediaSide.B, out _).ShouldBeFalse();
        harness.Local(session, MediaSide.B).ShouldBe(local);
    }
}
