using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Transfers;

/// <summary>REFERs that are not executed: by policy, by the number's rules, by what they say, by bounds.</summary>
public sealed class ReferRefusalTests
{
    [Theory]
    [InlineData("<sip:01012025550100@x.example>", 403)]
    [InlineData("<sip:+12025550100@x.example>", 403)]
    [InlineData("<tel:0990-512345>", 403)]
    [InlineData("<sip:0120000001@x.example>", 482)]
    [InlineData("<sip:shop@x.example>", 404)]
    [InlineData("<mailto:shop@x.example>", 404)]
    [InlineData("", 400)]
    [InlineData("<sip:0698765432@x.example;method=BYE>", 603)]
    [InlineData("<sip:0698765432@x.example?Replaces=a%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>", 603)]
    [InlineData("<sip:0698765432@x.example?Require=replaces&REPLACES=a>", 603)]
    public void Refer_ToWhereNoCallMayGo_IsRefused(string to, int code)
    {
        using var node = new Harness().UseTransfers();
        node.Routes.Set(Domestic);
        var (shopInvite, _) = node.Connect();
        node.Deliver(TransferScript.Refer(shopInvite, to: to), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(code);
        node.TakeSent(TransferScript.Other).ShouldBeEmpty();
        node.Engine.Transfers.Lent.ShouldBe(0);
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Engine.Counters.TransfersRefused.ShouldBe(1);
    }

    [Fact]
    public void Refer_WithReplaces_SaysWhatIsMissing()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        node.Deliver(TransferScript.Refer(shopInvite, to: "<sip:0698765432@x.example?Replaces=a>"), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("Warning").ShouldContain("Replaces");
    }

    [Fact]
    public void Refer_WhereTheTrunkMayNot_Is603()
    {
        using var node = new Harness().UseTransfers(ReferPolicy.Refuse);
        var (shopInvite, ok) = node.Connect();
        shopInvite.Header("Allow").ShouldNotContain("REFER");
        node.Deliver(TransferScript.Refer(shopInvite), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(603);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Refer_OfTheCaller_Is603()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        shopInvite.Header("Allow").ShouldEndWith(", REFER");
        node.Deliver(
            Peer.FromCaller(ok, "REFER", 2, "r", headers: "Refer-To: <sip:0698765432@x.example>\r\n"),
            Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(603);
    }

    [Fact]
    public void Refer_BeforeTheAnswer_Is603()
    {
        using var node = new Harness().UseTransfers();
        var shopInvite = node.Dial();
        node.Deliver(Peer.Answer(shopInvite, 180), Harness.Shop);
        node.Deliver(TransferScript.Refer(shopInvite), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(603);
    }

    [Fact]
    public void Offers_WhileTransferring_Get491()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        node.BeginTransfer(shopInvite);
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(491);
        node.Deliver(TransferScript.Refer(shopInvite, 2), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(491);
    }

    [Fact]
    public void Refer_WhileAnOfferIsOpen_Gets491()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        node.Deliver(TransferScript.Refer(shopInvite), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(491);
    }

    [Fact]
    public void Refers_OfOneCall_StopAtTheBound()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        for (var cseq = 1; cseq <= CallTransfer.PerCallMax; cseq++)
        {
            var invite = node.BeginTransfer(shopInvite, cseq);
            node.Deliver(TransferScript.TargetAnswer(invite, 486), TransferScript.Other);
            node.TakeSent(TransferScript.Other);
            node.TakeSent(Harness.Shop);
        }
        node.Deliver(TransferScript.Refer(shopInvite, CallTransfer.PerCallMax + 1), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(603);
    }

    [Theory]
    [InlineData("<sip:9998887777@x.example>", 503)]
    [InlineData("<sip:0399998888@x.example>", 202)]
    public void Refer_ByTheTrunksThereAre_IsDialledOrRefused(string to, int code)
    {
        using var node = new Harness().UseTransfers(shopChannels: 1);
        var (shopInvite, _) = node.Connect();
        node.Deliver(TransferScript.Refer(shopInvite, to: to), Harness.Shop);
        node.TakeSent(Harness.Shop)[0].Code.ShouldBe(code);
        // The shop's own trunk, which the second number is behind, has its one channel taken: the next one serves.
        node.TakeSent(TransferScript.Other).Count.ShouldBe(code == 202 ? 1 : 0);
        node.Engine.Transfers.Lent.ShouldBe(code == 202 ? 1 : 0);
    }

    [Fact]
    public void Pool_Exhausted_LendsNoMore()
    {
        var pool = new TransferPool();
        for (var i = 0; i < TransferPool.CountMax; i++) pool.TryLend().ShouldNotBeNull();
        pool.TryLend().ShouldBeNull();
    }

    private static Route Domestic => new()
    {
        Number = ScriptedRoutes.Number("0120000001"),
        OperatorId = "op",
        Targets = [new RouteTarget(ScriptedRoutes.Number("0312345678"), 5_000)],
        Destinations = new DestinationRules(
            [ScriptedRoutes.Number("0")], [ScriptedRoutes.Number("010"), ScriptedRoutes.Number("0990")]),
    };
}
