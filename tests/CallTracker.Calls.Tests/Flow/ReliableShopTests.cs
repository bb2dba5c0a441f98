using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Reliable 18x from the shop (RFC 3262 section 4), whatever the caller speaks.</summary>
public sealed class ReliableShopTests
{
    [Theory]
    [InlineData(ReliableProvisional.Off, "timer", "")]
    [InlineData(ReliableProvisional.Supported, "100rel, timer", "")]
    [InlineData(ReliableProvisional.Required, "100rel, timer", "100rel")]
    public void Invite_ToTheShop_SaysWhatItsTrunkIsGiven(ReliableProvisional setting, string supported, string require)
    {
        using var node = new Harness().UseTrunks(shopReliable: setting);
        var invite = node.Dial();
        invite.Header("Supported").ShouldBe(supported);
        invite.Header("Require").ShouldBe(require);
        invite.Header("Allow").ShouldContain("PRACK, UPDATE");
    }

    [Fact]
    public void Ringing_Reliable_IsAcknowledgedOnceAndInOrder()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial();
        node.Deliver(DialogTrunks.Reliable(invite, 183, 7), Harness.Shop);
        var prack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (prack.Method, prack.Header("RAck"), prack.Header("CSeq")).ShouldBe(("PRACK", "7 1 INVITE", "2 PRACK"));
        prack.Uri.ShouldBe("sip:shop@127.0.0.1:5080");
        prack.Tag("To").ShouldBe("s1");
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(180);

        node.Deliver(DialogTrunks.Reliable(invite, 183, 7), Harness.Shop);
        node.Deliver(DialogTrunks.Reliable(invite, 180, 9), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();

        node.Deliver(DialogTrunks.Reliable(invite, 180, 8), Harness.Shop);
        node.Deliver(DialogTrunks.Reliable(invite, 180, 9), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Header("RAck")).ShouldBe(["8 1 INVITE", "9 1 INVITE"]);
    }

    [Fact]
    public void Prack_Unanswered_IsRepeatedByItsTransactionAlone()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial();
        node.Deliver(DialogTrunks.Reliable(invite, 180, 1), Harness.Shop);
        var prack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Pass(1600);
        node.TakeSent(Harness.Shop).ShouldAllBe(m => m.Text == prack.Text);
        node.Deliver(Peer.Answer(prack, 200), Harness.Shop);
        node.Pass(5000);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
    }

    [Fact]
    public void Sdp_InAReliable183_IsTheAnswerThatALater2xxDoesNotChange()
    {
        using var node = new Harness().UseTrunks(shopReliable: ReliableProvisional.Supported);
        var invite = node.Dial();
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        progress.Code.ShouldBe(183);
        var other = Peer.Sdp(42010, "a=sendonly\r\n");
        node.Deliver(Peer.Answer(invite, 200, other), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Body.ShouldBe(progress.Body);
        ok.Body.ShouldNotContain("sendonly");
    }

    [Fact]
    public void AnswerWithoutSdp_AfterAReliable183_CarriesTheAnswerThatWasGiven()
    {
        using var node = new Harness().UseTrunks(shopReliable: ReliableProvisional.Supported);
        var invite = node.Dial();
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.TakeSent(Harness.Shop);
        node.Deliver(Peer.Answer(invite, 200), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("CSeq").ShouldBe("1 ACK");
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldBe(progress.Body);
    }

    [Fact]
    public void Ringing_ReliableOnBothSides_HasNumbersOfItsOwnOnEach()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: "Supported: 100rel\r\n"));
        node.Deliver(DialogTrunks.Reliable(invite, 183, 77, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("RAck").ShouldBe("77 1 INVITE");
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        progress.Header("RSeq").ShouldNotBe("77");
        node.Deliver(DialogTrunks.Prack(progress, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Deliver(Peer.Answer(invite, 200), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Body.ShouldBe("");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 3, "b"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void EarlyOffer_CallerSpeaks100rel_IsAnsweredInThePrack()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(body: null, headers: "Supported: 100rel\r\n"));
        invite.Header("Supported").ShouldContain("100rel");
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldBeEmpty("its PRACK waits for the answer");
        var offer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        offer.Code.ShouldBe(183);
        offer.Body.ShouldContain("m=audio");
        node.Deliver(DialogTrunks.Prack(offer, 2, Peer.Sdp(40000)), Harness.Carrier);
        var prack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (prack.Method, prack.Header("RAck")).ShouldBe(("PRACK", "1 1 INVITE"));
        prack.Body.ShouldContain("m=audio");
        prack.AudioPort.ShouldNotBe(40000);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.Deliver(Peer.Answer(invite, 200), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.Code, ok.Body).ShouldBe((200, ""));
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void EarlyOffer_PrackWithoutAnswer_EndsTheCallWith488()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(body: null, headers: "Supported: 100rel\r\n"));
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        var offer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(DialogTrunks.Prack(offer, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([200, 488]);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("CANCEL");
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void EarlyOffer_CallerCannotAnswer_IsNotAskedForAndGivenUpWhenItComes()
    {
        using var node = new Harness().UseTrunks(shopReliable: ReliableProvisional.Required);
        var invite = node.Dial(Peer.Invite(body: null));
        (invite.Header("Supported") + invite.Header("Require")).ShouldNotContain("100rel");
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["PRACK", "CANCEL"]);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnusableMedia);
    }
}
