using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Calls that are answered, and how they end.</summary>
public sealed class AnsweredCallTests
{
    [Fact]
    public void Call_AnsweredAndEndedByCaller_IsForwardedAndFiledOnce()
    {
        using var node = new Harness();
        var shopInvite = node.Dial();
        node.Deliver(Peer.Answer(shopInvite, 180), Harness.Shop);
        var ringing = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ringing.Code.ShouldBe(180);
        node.Pass(2000);
        var (ok, _) = node.Answer(shopInvite);
        ok.Tag("To").ShouldBe(ringing.Tag("To"));
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.Pass(5000);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye1"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        var bye = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        bye.Method.ShouldBe("BYE");
        node.Deliver(Peer.Answer(bye, 200), Harness.Shop);

        node.Journal.Entries.Select(e => e.Kind).ShouldBe(["start", "answer", "end"]);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        end.Outcome.ShouldBe(CallOutcome.Answered);
        end.EndedBy.ShouldBe(CallParty.Caller);
        end.Reason.ShouldBe(EndReason.Bye);
        end.Attempts.ShouldBe(["0312345678:200:shop"]);
        end.TrunkIn.ShouldBe("carrier");
        (end.TstMs - end.FwdMs).ShouldBe(2000);
        (end.EocMs - end.TstMs).ShouldBe(5000);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Call_EndedByShop_TellsTheCallerAndTheRecord()
    {
        using var node = new Harness();
        var (shopInvite, _) = node.Connect();
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 1, "sbye"), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        node.Journal.Ends.ShouldHaveSingleItem().EndedBy.ShouldBe(CallParty.Callee);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Call_OutgoingMessages_ShowNothingOfTheOtherSide()
    {
        using var node = new Harness();
        var shopInvite = node.Dial();
        var (ok, ack) = node.Answer(shopInvite);
        shopInvite.Text.ShouldNotContain("5071");
        shopInvite.Text.ShouldNotContain("c1@carrier");
        shopInvite.Text.ShouldNotContain("127.0.0.9");
        shopInvite.Text.ShouldNotContain("40000");
        ok.Text.ShouldNotContain("5080");
        ok.Text.ShouldNotContain("42000");
        ok.Header("Call-ID").ShouldBe("c1@carrier");
        ack.Header("Call-ID").ShouldBe(shopInvite.Header("Call-ID"));
        shopInvite.AudioPort.ShouldNotBe(ok.AudioPort);
        (shopInvite.AudioPort % 2).ShouldBe(0);
    }

    [Fact]
    public void Answer_NotAcknowledged_IsRepeatedThenTheCallEnds()
    {
        using var node = new Harness();
        node.Answer(node.Dial());
        node.Pass(1600);
        node.TakeSent(Harness.Carrier).Count(m => m.Code == 200).ShouldBeGreaterThanOrEqualTo(2);
        node.Pass(33_000);
        node.TakeSent(Harness.Carrier).ShouldContain(m => m.Method == "BYE");
        node.TakeSent(Harness.Shop).ShouldContain(m => m.Method == "BYE");
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.EndedBy, end.Outcome).ShouldBe((EndReason.AckTimeout, CallParty.System, CallOutcome.Answered));
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void ShopHangsUp_BeforeTheCallersAck_ByeWaitsForTheAck()
    {
        using var node = new Harness();
        var shopInvite = node.Dial();
        var (ok, _) = node.Answer(shopInvite);
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 1, "early"), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldNotContain(m => m.Method == "BYE");
        node.Journal.Ends.ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldContain(m => m.Method == "BYE");
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Call_LateOffer_CarriesTheAnswerInTheAck()
    {
        using var node = new Harness();
        var shopInvite = node.Dial(Peer.Invite(body: null));
        shopInvite.Body.ShouldBe("");
        node.Deliver(Peer.Answer(shopInvite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Body.ShouldContain("m=audio");
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1", Peer.Sdp(40000)), Harness.Carrier);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        ack.Method.ShouldBe("ACK");
        ack.AudioPort.ShouldNotBe(40000);
        ack.Body.ShouldContain("m=audio");
    }

    [Fact]
    public void Call_TooLong_IsEndedByTheNode()
    {
        using var node = new Harness(settings: Harness.DefaultSettings with { CallDurationMsMax = 3000 });
        node.Connect();
        node.Pass(3500);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.DurationLimit);
        node.TakeSent(Harness.Carrier).ShouldContain(m => m.Method == "BYE");
        node.TakeSent(Harness.Shop).ShouldContain(m => m.Method == "BYE");
        node.IsWhole.ShouldBeTrue();
    }
}
