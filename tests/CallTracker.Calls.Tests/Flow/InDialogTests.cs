using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>re-INVITE, INFO and OPTIONS inside a call.</summary>
public sealed class InDialogTests
{
    [Fact]
    public void Reinvite_HoldByCaller_IsCarriedAndAcknowledged()
    {
        using var node = new Harness();
        var (shopInvite, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "hold", Peer.Sdp(40000, "a=sendonly\r\n")), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        carried.Body.ShouldContain("a=sendonly");
        carried.AudioPort.ShouldBe(shopInvite.AudioPort);
        carried.Header("CSeq").ShouldBe("2 INVITE");
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000, "a=recvonly\r\n")), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        answer.Code.ShouldBe(200);
        answer.Body.ShouldContain("a=recvonly");
        answer.AudioPort.ShouldBe(ok.AudioPort);
        node.Deliver(Peer.FromCaller(ok, "ACK", 2, "ack2"), Harness.Carrier);
        node.Pass(40_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Reinvite_ByShopRefused_TheCallGoesOn()
    {
        using var node = new Harness();
        var (shopInvite, ok) = node.Connect();
        node.Deliver(Peer.FromShop(shopInvite, "INVITE", 1, "sre", Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(100);
        var carried = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        carried.Header("To").ShouldBe(ok.Header("From"));
        node.Deliver(Peer.Answer(carried, 488, tag: ""), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Reinvite_FromBothSides_TheSecondGets491()
    {
        using var node = new Harness();
        var (shopInvite, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        node.Deliver(Peer.FromShop(shopInvite, "INVITE", 1, "re2", Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(491);
    }

    [Fact]
    public void Reinvite_WithoutOffer_CarriesTheAnswerInTheAck()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1"), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        carried.Body.ShouldBe("");
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldContain("m=audio");
        node.Deliver(Peer.FromCaller(ok, "ACK", 2, "ack2", Peer.Sdp(40000)), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Body.ShouldContain("m=audio");
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Reinvite_PendingAtHangUp_IsAnswered487()
    {
        using var node = new Harness();
        var (shopInvite, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 1, "sbye"), Harness.Shop);
        node.TakeSent(Harness.Carrier).Select(m => m.IsResponse ? m.Code.ToString() : m.Method).ShouldBe(["487",
            "BYE"]);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Info_FromTheShop_IsCarriedWithBodyAndAnswered()
    {
        using var node = new Harness();
        var (shopInvite, _) = node.Connect();
        var info = Peer.FromShop(shopInvite, "INFO", 1, "info", "Signal=5\r\n", "application/dtmf-relay");
        node.Deliver(info, Harness.Shop);
        var carried = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        carried.Method.ShouldBe("INFO");
        carried.Header("Content-Type").ShouldBe("application/dtmf-relay");
        carried.Body.ShouldBe("Signal=5\r\n");
        node.Deliver(Peer.Answer(carried, 200, tag: ""), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(200);
    }

    [Fact]
    public void Info_NeverAnswered_LeavesRoomForTheNext()
    {
        using var node = new Harness();
        var (shopInvite, _) = node.Connect();
        node.Deliver(Peer.FromShop(shopInvite, "INFO", 1, "info"), Harness.Shop);
        node.Pass(33_000);
        // RFC 4320 section 4.2: a 408 to a non-INVITE would come too late to be of use, so none is sent.
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.FromShop(shopInvite, "INFO", 2, "info2"), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Header("CSeq").ShouldEndWith("INFO");
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Theory]
    [InlineData("OPTIONS", 200)]
    [InlineData("REFER", 603)]
    [InlineData("UPDATE", 200)]
    [InlineData("MESSAGE", 405)]
    [InlineData("PRACK", 481)]
    [InlineData("FROBNICATE", 501)]
    public void Request_InsideTheDialog_GetsItsAnswer(string method, int code)
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, method, 2, "req"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Fact]
    public void Request_OldCSeq_Is500AndChangesNothing()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INFO", 5, "i5"), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 4, "b4"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(500);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void EndAll_RunningCalls_AreToldAndRecorded()
    {
        using var node = new Harness();
        node.Connect();
        node.Engine.EndAll(node.Now);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.Drain);
        node.IsWhole.ShouldBeTrue();
    }
}
