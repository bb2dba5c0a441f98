using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>A proxy behind the trunk forks our INVITE: several early dialogs, several answers, one call.</summary>
public sealed class ForkTests
{
    private const string Second = "sip:second@127.0.0.1:5080";

    [Fact]
    public void Ringing_OfSeveralForks_EachHasItsOwnNumbers()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial();
        node.Deliver(DialogTrunks.Reliable(invite, 180, 1, tag: "f-one"), Harness.Shop);
        node.Deliver(DialogTrunks.Reliable(invite, 180, 50, tag: "f-two"), Harness.Shop);
        node.Deliver(DialogTrunks.Reliable(invite, 180, 51, tag: "f-two"), Harness.Shop);
        node.Deliver(DialogTrunks.Reliable(invite, 180, 2, tag: "f-one"), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => (m.Tag("To"), m.Header("RAck"), m.Header("CSeq"))).ShouldBe(
        [
            ("f-one", "1 1 INVITE", "2 PRACK"), ("f-two", "50 1 INVITE", "2 PRACK"),
            ("f-two", "51 1 INVITE", "3 PRACK"), ("f-one", "2 1 INVITE", "3 PRACK"),
        ]);
    }

    [Fact]
    public void Answer_OfTheSecondFork_TakesTheCallWithItsMediaAndNumbers()
    {
        using var node = new Harness().UseTrunks(shopReliable: ReliableProvisional.Supported);
        var invite = node.Dial();
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000, "a=x:two\r\n"), "f-two"), Harness.Shop);
        node.Deliver(DialogTrunks.Reliable(invite, 183, 9, Peer.Sdp(43000, "a=x:one\r\n"), "f-one"), Harness.Shop);
        node.TakeSent(Harness.Shop);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.Answer(invite, 200, tag: "f-two", contact: Second), Harness.Shop);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (ack.Header("CSeq"), ack.Tag("To"), ack.Uri).ShouldBe(("1 ACK", "f-two", Second));
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Body.ShouldContain("a=x:two");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        var bye = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (bye.Header("CSeq"), bye.Tag("To")).ShouldBe(("3 BYE", "f-two"));
        node.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("", "INVITE")]
    [InlineData("Allow: UPDATE\r\n", "UPDATE")]
    public void Answer_OfAnotherForkThanTheCallerWasTold_IsOfferedToItAfterItsAck(string allow, string method)
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: "Supported: 100rel\r\n" + allow));
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000, "a=x:one\r\n"), "f-one"), Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(DialogTrunks.Prack(progress, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(43000, "a=x:two\r\n"), "f-two", Second), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Body.ShouldBe("");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        var offer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        offer.Method.ShouldBe(method);
        offer.Body.ShouldContain("a=x:two");
        node.Deliver(Peer.Answer(offer, 200, Peer.Sdp(40000), "", "sip:caller@127.0.0.1:5071"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Count(m => m.Method == "ACK").ShouldBe(method == "INVITE" ? 1 : 0);
        node.Deliver(Peer.FromCaller(ok, "BYE", 3, "b"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Answers_Several_TheFirstWinsAndTheOthersAreAcknowledgedAndEnded()
    {
        using var node = new Harness();
        var invite = node.Dial();
        var (ok, _) = node.Answer(invite);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(43000), "f-two", Second), Harness.Shop);
        var sent = node.TakeSent(Harness.Shop);
        sent.Select(m => (m.Method, m.Tag("To"), m.Uri)).ShouldBe([("ACK", "f-two", Second), ("BYE", "f-two", Second)]);
        sent[1].Header("Reason").ShouldBe("SIP;cause=200;text=\"Call completed elsewhere\"");
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromShop(invite, "BYE", 1, "sb"), Harness.Shop);
        node.Journal.Ends.ShouldHaveSingleItem().EndedBy.ShouldBe(CallParty.Callee);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Forks_MoreThanAreToldApart_AreNotAcknowledgedAndDisturbNobody()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial();
        for (var i = 1; i <= 8; i++)
            node.Deliver(DialogTrunks.Reliable(invite, 180, 1, tag: $"fork-{i}"), Harness.Shop);
        node.TakeSent(Harness.Shop).Count.ShouldBe(6);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), "fork-8"), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
    }

    [Fact]
    public void Answer_AfterTheAttemptWasGivenUp_IsEndedAndTheNextGoesOn()
    {
        using var node = new Harness();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 2000), ("0612345678", 5000)));
        var first = node.Dial();
        node.Deliver(Peer.Answer(first, 180), Harness.Shop);
        node.Pass(2100);
        var second = node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE");
        node.Deliver(Peer.Answer(first, 200, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.TakeSent(Harness.Carrier);
        node.Answer(second).Ok.Code.ShouldBe(200);
    }
}
