using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>Channels and calls per second as callers and trunks feel them.</summary>
public sealed class TrunkLimitTests
{
    [Fact]
    public void CallersTrunk_AllChannelsTaken_IsToldToComeBackLater()
    {
        using var node = new Harness(sessions: 8);
        var carrier = UseCarrier(node, channels: 1, cps: 0);
        var (_, ok) = node.Connect();
        Call(node, "c2").ShouldBe((503, "5"));
        carrier.Load.Refused(outbound: false, byRate: false).ShouldBe(1);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        carrier.Load.Channels.ShouldBe(0);
        Call(node, "c3").ShouldBe((100, ""));
        node.Journal.Ends.Count().ShouldBe(1);
    }

    [Fact]
    public void CallersTrunk_MoreCallsPerSecondThanAllowed_AreRefusedUntilTheSecondIsOver()
    {
        using var node = new Harness(sessions: 8);
        var carrier = UseCarrier(node, channels: 0, cps: 2);
        Call(node, "c1").ShouldBe((100, ""));
        Call(node, "c2").ShouldBe((100, ""));
        Call(node, "c3").ShouldBe((503, "5"));
        node.Pass(1000);
        Call(node, "c4").ShouldBe((100, ""));
        carrier.Load.Refused(outbound: false, byRate: true).ShouldBe(1);
    }

    [Theory]
    [InlineData("sip:0120000001@127.0.0.1:5060", "Require: x-unknown\r\n", 420)]
    [InlineData("sip:0120999999@127.0.0.1:5060", "", 404)]
    public void Call_ThatIsRefused_HoldsNoChannel(string uri, string headers, int code)
    {
        using var node = new Harness();
        var carrier = UseCarrier(node, channels: 5, cps: 0);
        node.Deliver(Peer.Invite(uri, headers: headers), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldContain(m => m.Code == code);
        carrier.Load.Channels.ShouldBe(0);
    }

    [Fact]
    public void Call_ThatIsCancelled_HoldsNoChannel()
    {
        using var node = new Harness();
        var carrier = UseCarrier(node, channels: 5, cps: 0);
        node.Dial();
        carrier.Load.Channels.ShouldBe(1);
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        carrier.Load.Channels.ShouldBe(0);
        node.Routes.Trunks.All[1].Load.Channels.ShouldBe(0);
    }

    [Fact]
    public void ShopsTrunks_AllAtTheirLimit_TheCallEndsForCapacity()
    {
        using var node = new Harness(sessions: 8);
        var carrier = Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128));
        node.Routes.Trunks = new TrunkTable([carrier, Limited("shop", Harness.Shop, [""], 1, 0)]);
        node.Connect();
        node.Deliver(Peer.Invite(callId: "c2", branch: "z9hG4bKinv2"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 503]);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason).ShouldBe((CallOutcome.LineUnavailable, EndReason.Capacity));
    }

    [Fact]
    public void CallersTrunk_KnownByTheCalledNumber_HoldsTheChannel()
    {
        using var node = new Harness();
        var rule = new InboundSource(Harness.Carrier, 128);
        var other = new Trunk
        {
            Id = "other",
            OperatorId = "other",
            Address = Harness.Carrier,
            Prefixes = [],
            InboundFrom = [rule],
        };
        var own = Harness.MakeTrunk("own", Harness.Carrier, [], rule);
        node.Routes.Trunks = new TrunkTable([other, own, Harness.MakeTrunk("shop", Harness.Shop, [""])]);
        node.Dial();
        (other.Load.Channels, own.Load.Channels).ShouldBe((0, 1));
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        (other.Load.Channels, own.Load.Channels).ShouldBe((0, 0));
    }

    private static Trunk UseCarrier(Harness node, int channels, int cps)
    {
        var carrier = Limited("carrier", Harness.Carrier, [], channels, cps, new InboundSource(Harness.Carrier, 128));
        node.Routes.Trunks = new TrunkTable([carrier, Harness.MakeTrunk("shop", Harness.Shop, [""])]);
        return carrier;
    }

    private static (int Code, string RetryAfter) Call(Harness node, string callId)
    {
        node.Deliver(Peer.Invite(callId: callId, branch: "z9hG4bK" + callId), Harness.Carrier).ShouldBeTrue();
        var first = node.TakeSent(Harness.Carrier).First(m => m.Header("Call-ID") == callId);
        return (first.Code, first.Header("Retry-After"));
    }

    private static Trunk Limited(
        string id, Core.Net.IpEndpoint address, string[] prefixes, int channels, int cps,
        params InboundSource[] from) => new()
        {
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = [.. prefixes.Select(ScriptedRoutes.Number)],
            InboundFrom = from,
            ChannelsMax = channels,
            CpsMax = cps,
        };
}
