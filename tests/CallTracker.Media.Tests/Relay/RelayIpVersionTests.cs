using System.Net;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>
/// IPv4 on one side and IPv6 on the other, or IPv6 on both. One after the other: there is but one ::1.
/// </summary>
public sealed class RelayIpVersionTests
{
    private const int FirstPort = 10_600;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Media_OfAnyVersions_IsRelayedBothWays(bool isIpv4A, bool isIpv4B)
    {
        using var harness = Make();
        using MediaPeer a = new(AddressOf(isIpv4A, 1)), b = new(AddressOf(isIpv4B, 2));
        using MediaPeer aRtcp = new(AddressOf(isIpv4A, 1), a.Endpoint.Port + 1);
        using MediaPeer bRtcp = new(AddressOf(isIpv4B, 2), b.Endpoint.Port + 1);
        harness.Relay.TryOpen(77, isIpv4A, isIpv4B, out var session).ShouldBeTrue();
        harness.SetRemote(session, MediaSide.A, a.Endpoint).ShouldBeTrue();
        harness.SetRemote(session, MediaSide.B, b.Endpoint).ShouldBeTrue();
        harness.Relay.MarkAnswered(session, harness.NowMs);
        for (var i = 0; i < 60; i++)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            harness.PumpTo(b, out var source).ShouldBe(Packets.Rtp(i));
            source.ShouldBe(harness.Local(session, MediaSide.B));
            b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(1000 + i));
            harness.PumpTo(a, out source).ShouldBe(Packets.Rtp(1000 + i));
            source.ShouldBe(harness.Local(session, MediaSide.A));
            // The sources become final on the way, and their sockets connected.
            harness.Pass(100);
        }
        aRtcp.Send(harness.Local(session, MediaSide.A, plus: 1), Packets.Rtcp(3));
        harness.PumpTo(bRtcp, out _).ShouldBe(Packets.Rtcp(3));
        bRtcp.Send(harness.Local(session, MediaSide.B, plus: 1), Packets.Rtcp(4));
        harness.PumpTo(aRtcp, out _).ShouldBe(Packets.Rtcp(4));
        harness.Relay.Close(session, out var totalsA, out var totalsB);
        (totalsA.Relayed, totalsB.Relayed, totalsA.Dropped, totalsB.Dropped).ShouldBe((60UL, 60UL, 0UL, 0UL));
        totalsA.Peer.ShouldBe(a.Endpoint);
        harness.Ports.IdlePairCount.ShouldBe(harness.Ports.PairCount);
    }

    [Fact]
    public void Stranger_OnIpv6_IsNotRelayed()
    {
        using var harness = Make();
        using MediaPeer a = new("::1"), b = new(AddressOf(true, 2)), stranger = new("::1");
        harness.Relay.TryOpen(77, isIpv4A: false, isIpv4B: true, out var session).ShouldBeTrue();
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        harness.Relay.MarkAnswered(session, harness.NowMs);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(1));
        harness.Pass(6000);
        stranger.Send(harness.Local(session, MediaSide.A), Packets.Rtp(900));
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(2));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(2));
    }

    [Fact]
    public void Remote_OfTheOtherVersion_IsRefused()
    {
        using var harness = Make();
        harness.Relay.TryOpen(77, isIpv4A: true, isIpv4B: false, out var session).ShouldBeTrue();
        harness.Relay.IsIpv4(session, MediaSide.A).ShouldBeTrue();
        harness.Relay.IsIpv4(session, MediaSide.B).ShouldBeFalse();
        harness.SetRemote(session, MediaSide.A, RelayHarness.Endpoint("2001:db8::1", 4000)).ShouldBeFalse();
        harness.SetRemote(session, MediaSide.B, RelayHarness.Endpoint("192.0.2.1", 4000)).ShouldBeFalse();
        harness.SetRemote(session, MediaSide.B, RelayHarness.Endpoint("2001:db8::1", 4000)).ShouldBeTrue();
    }

    [Fact]
    public void Side_RenewedWithTheOtherVersion_GivesItsPortBack()
    {
        using var harness = Make(pairs: 2);
        harness.Relay.TryOpen(77, isIpv4A: true, isIpv4B: true, out var session).ShouldBeTrue();
        harness.Relay.TryOpen(78, isIpv4A: true, isIpv4B: false, out _).ShouldBeFalse("no IPv4 port is left");
        harness.Relay.TryRenew(session, MediaSide.B, isIpv4: false, out _).ShouldBeTrue();
        harness.Relay.IsIpv4(session, MediaSide.B).ShouldBeFalse();
        harness.Relay.TryOpen(78, isIpv4A: true, isIpv4B: false, out _).ShouldBeTrue();
        harness.Relay.SessionsMax.ShouldBe(1);
    }

    [Fact]
    public void Pool_OfOneVersion_LendsNoneOfTheOther()
    {
        using var harness = new RelayHarness(firstPort: FirstPort);
        harness.Relay.TryOpen(77, isIpv4A: true, isIpv4B: false, out _).ShouldBeFalse();
        harness.Ports.IdlePairCount.ShouldBe(harness.Ports.PairCount);
    }

    [Fact]
    public void Pool_WithTwoAddressesOfOneVersion_DoesNotOpen()
    {
        using var epoll = new Epoll();
        using var pool = new RtpPortPool(
            RelayHarness.Endpoint("127.99.40.1", 0), FirstPort, 4, epoll,
            secondBindAddress: RelayHarness.Endpoint("127.99.40.2", 0));
        pool.Open().ShouldBe(RtpPortPoolResult.BadAddress);
    }

    private static RelayHarness Make(int pairs = 8) =>
        new(pairs: pairs, firstPort: FirstPort, second: IpEndpoint.From(IPAddress.IPv6Loopback, 0));

    private static string AddressOf(bool isIpv4, int number) => isIpv4 ? $"127.99.41.{number}" : "::1";
}
