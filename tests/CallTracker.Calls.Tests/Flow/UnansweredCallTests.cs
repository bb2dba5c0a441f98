using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Calls that nobody answers, each with its outcome and what the caller is told.</summary>
public sealed class UnansweredCallTests
{
    [Theory]
    [InlineData(486, false, CallOutcome.Busy, 486)]
    [InlineData(600, false, CallOutcome.Busy, 600)]
    [InlineData(603, true, CallOutcome.Busy, 603)]
    [InlineData(480, true, CallOutcome.NoAnswer, 480)]
    [InlineData(408, true, CallOutcome.NoAnswer, 408)]
    [InlineData(408, false, CallOutcome.Unresponsive, 408)]
    [InlineData(404, false, CallOutcome.LineUnavailable, 404)]
    [InlineData(503, false, CallOutcome.LineUnavailable, 503)]
    [InlineData(302, false, CallOutcome.LineUnavailable, 480)]
    [InlineData(407, false, CallOutcome.LineUnavailable, 503)]
    public void Shop_Refuses_TheOutcomeAndTheCallersStatusFollow(
        int code, bool rings, CallOutcome outcome, int callerCode)
    {
        using var node = new Harness();
        var invite = node.Dial();
        if (rings) node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.Answer(invite, code), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(callerCode);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.SipCode, end.TstMs).ShouldBe((outcome, callerCode, 0));
        end.Attempts.ShouldBe([$"0312345678:{code}:shop"]);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Shop_RingsTooLong_IsCancelledAndTheCallerGets480()
    {
        using var node = new Harness();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 3000)));
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        node.TakeSent(Harness.Carrier);
        node.Pass(3100);
        node.TakeSent(Harness.Shop).ShouldContain(m => m.Method == "CANCEL" && m.Branch == invite.Branch);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(480);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason, end.EndedBy).ShouldBe((CallOutcome.NoAnswer, EndReason.RingTimeout,
            CallParty.System));
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Shop_AnswersInTimeAndIsReadLate_IsNotCancelled()
    {
        using var node = new Harness();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 3000)));
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        node.TakeSent(Harness.Shop);
        node.Stall(3100, unreadMs: 500);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        node.Stall(0, unreadMs: 0);
        node.TakeSent(Harness.Shop).ShouldNotContain(m => m.Method == "CANCEL");
        node.TakeSent(Harness.Carrier)[^1].Code.ShouldBe(200);
    }

    [Fact]
    public void Shop_SilentTrunk_IsUnresponsiveBeforeTheRingTimeIsOver()
    {
        using var node = new Harness();
        node.Dial();
        node.Pass(6100);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason).ShouldBe((CallOutcome.Unresponsive, EndReason.TrunkTimeout));
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(408);
    }

    [Fact]
    public void FirstTargetBusy_SecondAnswers_BothAttemptsAreOnTheRecord()
    {
        using var node = new Harness();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 5000), ("0612345678", 5000)));
        var first = node.Dial();
        node.Deliver(Peer.Answer(first, 486), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        var second = node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE");
        second.Uri.ShouldStartWith("sip:0612345678@");
        second.Header("Call-ID").ShouldNotBe(first.Header("Call-ID"));
        var (ok, _) = node.Answer(second);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        end.Attempts.ShouldBe(["0312345678:486:shop", "0612345678:200:shop"]);
        end.Outcome.ShouldBe(CallOutcome.Answered);
    }

    [Fact]
    public void Caller_Cancels_TheShopIsCancelledAndTheCallerGets487()
    {
        using var node = new Harness();
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([200, 487]);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("CANCEL");
        node.Deliver(Peer.Answer(invite, 487), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.EndedBy, end.SipCode).ShouldBe((CallOutcome.CallerGaveUp, CallParty.Caller, 487));
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Cancel_CrossesTheAnswer_TheShopIsAcknowledgedAndEnded()
    {
        using var node = new Harness();
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.CallerGaveUp);
    }

    [Fact]
    public void Cancel_AfterTheAnswer_ChangesNothing()
    {
        using var node = new Harness();
        node.Connect();
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.Journal.Ends.ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Number_Unknown_Is404AndOnRecord()
    {
        using var node = new Harness();
        node.Deliver(Peer.Invite("sip:0120999999@127.0.0.1:5060"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 404]);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.Outcome, end.Called).ShouldBe((EndReason.UnknownNumber, CallOutcome.NotTried, "0120999999"));
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Route_PendingThenSettled_TheCallGoesOn()
    {
        using var node = new Harness();
        node.Routes.Otherwise = RouteLookup.Pending;
        node.Deliver(Peer.Invite("sip:0120777777@127.0.0.1:5060"), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Routes.Set(Harness.MakeRoute("0120777777", ("0312345678", 5000)));
        node.Engine.OnRouteSettled(ScriptedRoutes.Number("0120777777"), node.Now);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("INVITE");
    }

    [Fact]
    public void Route_NeverSettled_TheCallerGets503AndARecord()
    {
        using var node = new Harness();
        node.Routes.Otherwise = RouteLookup.Pending;
        node.Deliver(Peer.Invite("sip:0120777777@127.0.0.1:5060"), Harness.Carrier);
        node.Pass(2100);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 503]);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.RouteUnavailable);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Trunk_NoneForTheDestination_IsLineUnavailable()
    {
        using var node = new Harness();
        node.Routes.Trunks = new TrunkTable(
            [Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128))]);
        node.Deliver(Peer.Invite(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 503]);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason).ShouldBe((CallOutcome.LineUnavailable, EndReason.NoTrunk));
    }
}
