using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Transfers;

/// <summary>REFER of a destination, executed (RFC 3515): who hears what, who talks to whom, and the record.</summary>
public sealed class TransferTests
{
    [Fact]
    public void Target_Answering_TakesTheShopsPlace()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        invite.Uri.ShouldBe("sip:0698765432@127.0.0.1:5090", "the host of Refer-To is not believed");
        invite.AudioPort.ShouldBe(shopInvite.AudioPort, "a side keeps its port");
        invite.Header("Call-ID").ShouldNotBe(shopInvite.Header("Call-ID"));
        node.Deliver(TransferScript.TargetAnswer(invite, 180), TransferScript.Other);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();

        var offer = node.Join(invite);
        offer.Method.ShouldBe("INVITE");
        offer.AudioPort.ShouldBe(ok.AudioPort, "a side keeps its port");
        var toShop = node.TakeSent(Harness.Shop);
        toShop.Select(m => m.Method).ShouldBe(["NOTIFY", "BYE"]);
        toShop[0].Body.ShouldBe("SIP/2.0 200 OK\r\n");
        toShop[0].Header("Subscription-State").ShouldBe("terminated;reason=noresource");
        toShop[0].Header("Content-Type").ShouldBe("message/sipfrag;version=2.0");
        toShop[0].Header("Event").ShouldBe("refer");

        node.Deliver(TransferScript.CallerAnswer(offer), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        node.TakeSent(TransferScript.Other).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        end.Attempts.ShouldBe(["0312345678:200:shop", "0698765432:200:other"]);
        (end.Outcome, end.EndedBy, end.Reason).ShouldBe((CallOutcome.Answered, CallParty.Caller, EndReason.Bye));
        IsWhole(node).ShouldBeTrue();
        node.Engine.Counters.TransfersJoined.ShouldBe(1);
    }

    [Fact]
    public void Target_HangingUp_EndsTheCallAsTheCallee()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        var offer = node.Join(invite);
        node.Deliver(TransferScript.CallerAnswer(offer), Harness.Carrier);
        var bye = Peer.FromShop(invite, "BYE", 1, "obye", tag: "o1");
        node.Deliver(bye, TransferScript.Other);
        node.TakeSent(Harness.Carrier)[^1].Method.ShouldBe("BYE");
        node.Journal.Ends.ShouldHaveSingleItem().EndedBy.ShouldBe(CallParty.Callee);
        IsWhole(node).ShouldBeTrue();
    }

    [Theory]
    [InlineData(486, "486 Busy Here")]
    [InlineData(404, "404 Not Found")]
    [InlineData(302, "480 Temporarily Unavailable")]
    [InlineData(401, "503 Service Unavailable")]
    public void Target_Refusing_LeavesTheCallAsItWas(int code, string told)
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(TransferScript.TargetAnswer(invite, code), TransferScript.Other);
        node.TakeSent(TransferScript.Other).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var notify = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        notify.Body.ShouldBe($"SIP/2.0 {told}\r\n");
        notify.Header("Subscription-State").ShouldStartWith("terminated");
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        // The two still talk: what the caller offers reaches the shop.
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40000, "a=sendonly\r\n")), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("INVITE");
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 2, "sbye"), Harness.Shop);
        node.Journal.Ends.ShouldHaveSingleItem().Attempts.ShouldBe(["0312345678:200:shop"]);
        IsWhole(node).ShouldBeTrue();
        node.Engine.Counters.TransfersFailed.ShouldBe(1);
    }

    [Fact]
    public void Target_Silent_IsGivenUpAfterTheTrunksAnswerTime()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        node.BeginTransfer(shopInvite);
        node.Pass(6_100);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Body.ShouldBe("SIP/2.0 408 Request Timeout\r\n");
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Engine.Transfers.Lent.ShouldBe(0);
    }

    [Fact]
    public void Target_RingingWithoutEnd_IsCancelledAndALateAnswerEnded()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(TransferScript.TargetAnswer(invite, 180), TransferScript.Other);
        node.Pass(59_000);
        node.TakeSent(TransferScript.Other).ShouldBeEmpty();
        node.Pass(1_100);
        var cancel = node.TakeNew(TransferScript.Other).ShouldHaveSingleItem();
        cancel.Method.ShouldBe("CANCEL");
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Body.ShouldBe("SIP/2.0 480 Temporarily Unavailable\r\n");
        node.Deliver(Peer.Answer(cancel, 200, tag: "o1"), TransferScript.Other);
        node.Deliver(TransferScript.TargetAnswer(invite, 200, Peer.Sdp(43000)), TransferScript.Other);
        node.TakeSent(TransferScript.Other).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Target_AnsweringWithoutUsableAudio_IsEndedAndTheCallGoesOn()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(TransferScript.TargetAnswer(invite, 200, Peer.Sdp(0)), TransferScript.Other);
        node.TakeSent(TransferScript.Other).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Body.ShouldBe("SIP/2.0 488 Not Acceptable Here\r\n");
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 2, "sbye"), Harness.Shop);
        IsWhole(node).ShouldBeTrue();
    }

    [Fact]
    public void Shop_HangingUpAtOnce_LeavesTheCallerToTheTarget()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 2, "sbye"), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Join(invite).Method.ShouldBe("INVITE");
        node.TakeSent(Harness.Shop).ShouldBeEmpty("it has left its dialog and the subscription in it");
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        node.TakeSent(TransferScript.Other).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        node.Journal.Ends.ShouldHaveSingleItem().Attempts.Length.ShouldBe(2);
        IsWhole(node).ShouldBeTrue();
    }

    [Fact]
    public void Shop_HangingUpAtOnceAndTargetRefusing_EndsTheCall()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 2, "sbye"), Harness.Shop);
        node.Deliver(TransferScript.TargetAnswer(invite, 486), TransferScript.Other);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        node.Journal.Ends.ShouldHaveSingleItem().EndedBy.ShouldBe(CallParty.Callee);
        IsWhole(node).ShouldBeTrue();
    }

    [Fact]
    public void Caller_HangingUpMeanwhile_EndsAllThree()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        node.Deliver(TransferScript.TargetAnswer(invite, 180), TransferScript.Other);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        node.TakeSent(TransferScript.Other).ShouldHaveSingleItem().Method.ShouldBe("CANCEL");
        var toShop = node.TakeSent(Harness.Shop);
        toShop.Select(m => m.Method).ShouldBe(["NOTIFY", "BYE"]);
        toShop[0].Body.ShouldBe("SIP/2.0 487 Request Terminated\r\n");
        IsWhole(node).ShouldBeTrue();
    }

    [Fact]
    public void Caller_RefusingTheNewDescription_StaysConnected()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, _) = node.Connect();
        var offer = node.Join(node.BeginTransfer(shopInvite));
        node.Deliver(Peer.Answer(offer, 488, tag: ""), Harness.Carrier);
        node.TakeSent(TransferScript.Other).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Transfer_OfACallWithALateOffer_OffersTheCallersAnswer()
    {
        using var node = new Harness().UseTransfers();
        var shopInvite = node.Dial(Peer.Invite(body: null));
        node.Deliver(Peer.Answer(shopInvite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a", Peer.Sdp(40000)), Harness.Carrier);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        var invite = node.BeginTransfer(shopInvite);
        invite.AudioPort.ShouldBe(ack.AudioPort);
        node.Join(invite);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        IsWhole(node).ShouldBeTrue();
    }

    [Fact]
    public void Target_ThatRefersOn_IsTransferredToo()
    {
        using var node = new Harness().UseTransfers();
        var (shopInvite, ok) = node.Connect();
        var invite = node.BeginTransfer(shopInvite);
        var offer = node.Join(invite);
        node.Deliver(TransferScript.CallerAnswer(offer), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        var refer = Peer.FromShop(invite, "REFER", 7, "r7", headers: "Refer-To: <tel:+81-3-1234-5678>\r\n", tag: "o1");
        node.Deliver(refer, TransferScript.Other);
        var toOther = node.TakeSent(TransferScript.Other);
        toOther.Select(m => m.IsResponse ? m.Code.ToString() : m.Method).ShouldBe(["202", "NOTIFY"]);
        toOther[1].Header("Event").ShouldBe("refer;id=7", "the call's second");
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Uri.ShouldStartWith("sip:0312345678@");
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        IsWhole(node).ShouldBeTrue();
    }

    private static bool IsWhole(Harness node) => node.IsWhole && node.Engine.Transfers.Lent == 0;
}
