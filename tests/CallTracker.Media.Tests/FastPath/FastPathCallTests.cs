using CallTracker.Media.FastPath;
using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.FastPath;

/// <summary>Calls in the kernel, over real interfaces: what it relays, and what it leaves to userspace.</summary>
[Collection(NamespaceTests.Name)]
public sealed class FastPathCallTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Call_BothSidesHeard_KernelRelaysBothWays(int version) => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A, version);
        using var b = lab.Phone(MediaSide.B, version);
        var session = lab.OpenInside(a, b);
        for (var i = 2; i <= 101; i++)
        {
            a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(i));
            b.Send(lab.Local(session, MediaSide.B), Packets.Rtp(i));
        }
        // Nobody pumps the relay: what arrives was relayed by the kernel, at once, from the port of the other leg.
        for (var i = 2; i <= 101; i++)
        {
            b.TryReceive(out var packet, out var source).ShouldBeTrue($"packet {i}");
            packet.ShouldBe(Packets.Rtp(i));
            source.ShouldBe(lab.Local(session, MediaSide.B));
        }
        a.ReceiveSequences().ShouldBe(Enumerable.Range(2, 100));
        lab.Totals(session, MediaSide.A).ShouldSatisfyAllConditions(
            t => t.Packets.ShouldBe(101UL), t => t.Relayed.ShouldBe(101UL), t => t.Bytes.ShouldBe(101UL * 172),
            t => t.Expected.ShouldBe(101UL), t => t.Lost.ShouldBe(0UL), t => t.Dropped.ShouldBe(0UL));
        lab.Fast.Packets(MediaSide.A).ShouldBe(100);
        lab.Totals(session, MediaSide.B).Packets.ShouldBe(101UL);
        lab.Relay.Counters.PacketsRelayed(MediaSide.B).ShouldBe(101);
    });

    [Fact]
    public void Call_RtcpStunAndDtls_StillComeUp() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        var local = lab.Local(session, MediaSide.A);
        a.Send(local, Packets.Rtcp(9));
        lab.PumpUntil(() => b.TryReceive(out var report, out _) && report[1] == 200);
        a.Send(local, Packets.Stun());
        a.Send(local, Packets.Dtls());
        lab.PumpUntil(() => lab.Relay.Counters.Dropped(MediaDropReason.Dtls) == 1);
        lab.Relay.Counters.Dropped(MediaDropReason.Stun).ShouldBe(1);
        lab.Fast.Inside.ShouldBe(1);
        lab.Totals(session, MediaSide.A).ShouldSatisfyAllConditions(
            t => t.RtcpRelayed.ShouldBe(1UL), t => t.Dropped.ShouldBe(2UL), t => t.Packets.ShouldBe(1UL));
    });

    [Theory]
    [InlineData("10.88.1.2", 6001)]
    [InlineData("10.88.1.9", 6000)]
    public void Call_ForgedSource_ReachesNobodyAndChangesNothing(string address, int port) => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        lab.Ip("addr add 10.88.1.9/24 dev a0\n", 'a');
        using var stranger = lab.Phone(MediaSide.A, port: port, address: address);
        var session = lab.OpenInside(a, b);
        for (var i = 2; i < 200; i++)
        {
            stranger.Send(lab.Local(session, MediaSide.A), Packets.Rtp(i));
            stranger.Send(lab.Local(session, MediaSide.B), Packets.Rtp(i));
        }
        lab.Pump();
        a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(2));
        b.ReceiveSequences().ShouldBe([2]);
        a.ReceiveSequences().ShouldBeEmpty();
        lab.Totals(session, MediaSide.A).ShouldSatisfyAllConditions(
            t => t.Packets.ShouldBe(2UL), t => t.Lost.ShouldBe(0UL), t => t.Dropped.ShouldBe(0UL),
            t => t.Peer.ShouldBe(a.Endpoint));
        lab.Fast.Inside.ShouldBe(1);
    });

    [Fact]
    public void Call_OfBothIpVersions_StaysInUserspace() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B, version: 6);
        var session = lab.Open(a, b);
        a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(1));
        b.Send(lab.Local(session, MediaSide.B), Packets.Rtp(1));
        lab.PumpUntil(() => b.TryReceive(out _, out _));
        lab.PumpUntil(() => a.TryReceive(out _, out _));
        lab.Enter();
        (lab.Fast.Inside, lab.Fast.Refused(FastPathRefusal.MixedVersions)).ShouldBe((0, 1));
    });

    [Fact]
    public void Call_PacketsLongerThanTheKernelTakes_AreRelayedByUserspaceAgain() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        byte[] packet = [.. Packets.Rtp(2), .. new byte[1200]];
        a.Send(lab.Local(session, MediaSide.A), packet);
        lab.PumpUntil(() => b.TryReceive(out var relayed, out _) && relayed.Length == packet.Length);
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.Unusual)).ShouldBe((0, 1));
        lab.Totals(session, MediaSide.A).ShouldSatisfyAllConditions(
            t => t.Packets.ShouldBe(2UL), t => t.Lost.ShouldBe(0UL), t => t.Relayed.ShouldBe(2UL));
    });

    [Fact]
    public void Call_SilentInTheKernel_TimesOutAsInUserspace() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(2));
        lab.Told.ShouldBe(["first 7 A", "first 7 B"]);
        for (var i = 0; i < 560; i++) lab.Tick();
        lab.Told.Count.ShouldBe(2);
        for (var i = 0; i < 60; i++) lab.Tick();
        lab.Told.ShouldContain("timeout 7 A Silence");
        lab.Told.ShouldContain("timeout 7 B Silence");
        lab.Fast.Inside.ShouldBe(1);
    });

    [Fact]
    public void Call_RouteChanged_ComesBackAndGoesTheNewWay() => FastLab.Run(lab =>
    {
        using var a = lab.Phone(MediaSide.A);
        using var b = lab.Phone(MediaSide.B);
        var session = lab.OpenInside(a, b);
        lab.Ip("route add 192.0.2.0/24 dev rb\n");
        lab.Enter();
        lab.Fast.Inside.ShouldBe(1, "a route of others changes nothing");
        lab.Ip("route add blackhole 10.88.2.2/32\n");
        lab.Enter();
        (lab.Fast.Inside, lab.Fast.Left(FastPathExit.RouteChanged)).ShouldBe((0, 1));
        lab.Enter();
        (lab.Fast.Inside, lab.Fast.Refused(FastPathRefusal.NoRoute)).ShouldBe((0, 1));
        lab.Ip("route del blackhole 10.88.2.2/32\n");
        a.Send(lab.Local(session, MediaSide.A), Packets.Rtp(2));
        lab.PumpUntil(() => b.TryReceive(out _, out _));
    });
}
