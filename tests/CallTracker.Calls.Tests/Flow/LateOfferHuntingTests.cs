using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>
/// A caller without an offer answers the first destination's early offer in its PRACK (RFC 3262 section 5), and that
/// destination fails: its answer is the offer for the next one.
/// </summary>
public sealed class LateOfferHuntingTests : IDisposable
{
    private readonly Harness _node = new Harness().UseTrunks(ReliableProvisional.Supported);

    public LateOfferHuntingTests() => _node.Routes.Set(
        Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0312345679", 20_000)));

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("", "INVITE")]
    [InlineData("Allow: UPDATE\r\n", "UPDATE")]
    public void NextDestination_AfterAnAnsweredEarlyOffer_IsOfferedWhatTheCallerAnswered(string allow, string method)
    {
        var first = Dial(allow);
        var offer = EarlyOffer(first);
        _node.Deliver(DialogTrunks.Prack(offer, 2, Peer.Sdp(40000, "a=recvonly\r\na=x:caller\r\n")), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("PRACK");
        var second = Refuse(first);
        second.Body.ShouldContain("a=x:caller");
        // The first destination only sent; the next one is not told so.
        second.Body.ShouldNotContain("recvonly");
        second.AudioPort.ShouldBeGreaterThan(0);

        var ok = AnswerSecond(second);
        var changed = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        changed.Method.ShouldBe(method);
        changed.Body.ShouldContain("a=x:second");
        _node.Deliver(Peer.Answer(changed, 200, Peer.Sdp(40000), "", "sip:caller@127.0.0.1:5071"), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).Count(m => m.Method == "ACK").ShouldBe(method == "INVITE" ? 1 : 0);
        HangUp(ok);
    }

    [Fact]
    public void NextDestination_WhileThePrackIsUnderWay_WaitsForIt()
    {
        var first = Dial();
        var offer = EarlyOffer(first);
        _node.Deliver(Peer.Answer(first, 486), Harness.Shop);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        _node.Deliver(DialogTrunks.Prack(offer, 2, Peer.Sdp(40000, "a=x:caller\r\n")), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        var second = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        second.Body.ShouldContain("a=x:caller");
        HangUp(AnswerSecond(second));
    }

    [Fact]
    public void Prack_ThatNeverComes_EndsTheCallThatWaitsForIt()
    {
        var first = Dial();
        EarlyOffer(first);
        _node.Deliver(Peer.Answer(first, 486), Harness.Shop);
        _node.Pass(33_000);
        _node.TakeNew(Harness.Carrier)[^1].Code.ShouldBe(504);
        _node.TakeNew(Harness.Shop).ShouldNotContain(m => m.Method == "INVITE");
        _node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.AckTimeout);
        _node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Caller_GivingUpWhileTheNextDestinationWaits_EndsTheCall()
    {
        var first = Dial();
        EarlyOffer(first);
        _node.Deliver(Peer.Answer(first, 486), Harness.Shop);
        _node.Deliver(Peer.Cancel(), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([200, 487]);
        _node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.Cancel);
        _node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Destination_OfferingInIts2xxAfterAllThat_IsRefusedWithoutAnAnswerToTheCaller()
    {
        var first = Dial();
        var offer = EarlyOffer(first);
        _node.Deliver(DialogTrunks.Prack(offer, 2, Peer.Sdp(40000)), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        _node.TakeSent(Harness.Carrier);
        // Another fork of the first destination answers with an offer of its own, which nobody can answer.
        _node.Deliver(Peer.Answer(first, 200, Peer.Sdp(43000), "f-two"), Harness.Shop);
        var sent = _node.TakeSent(Harness.Shop);
        sent.Select(m => m.Method).ShouldBe(["ACK", "BYE", "INVITE"]);
        sent[^1].Body.ShouldContain("m=audio");
        _node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        _node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Offer_ThatWaitsForItsTurn_GoesWithItsDestination()
    {
        var first = Dial();
        _node.Deliver(DialogTrunks.Reliable(first, 180, 1), Harness.Shop);
        var ringing = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(DialogTrunks.Reliable(first, 183, 2, Peer.Sdp(42000)), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("PRACK");
        var second = Refuse(first);
        second.Body.ShouldBe("");
        _node.Deliver(DialogTrunks.Prack(ringing, 2), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        EarlyOffer(second);
    }

    private SentMessage Dial(string headers = "")
    {
        var first = _node.Dial(Peer.Invite(body: null, headers: "Supported: 100rel\r\n" + headers));
        first.Body.ShouldBe("");
        return first;
    }

    private SentMessage EarlyOffer(SentMessage invite)
    {
        _node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000, "a=sendonly\r\n")), Harness.Shop);
        var offer = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (offer.Code, offer.Body.Contains("m=audio", StringComparison.Ordinal)).ShouldBe((183, true));
        return offer;
    }

    private SentMessage Refuse(SentMessage invite)
    {
        _node.Deliver(Peer.Answer(invite, 486), Harness.Shop);
        var sent = _node.TakeSent(Harness.Shop);
        sent.Select(m => m.Method).ShouldBe(["ACK", "INVITE"]);
        return sent[1];
    }

    private SentMessage AnswerSecond(SentMessage invite)
    {
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(44000, "a=x:second\r\n"), "s2"), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.Code, ok.Body).ShouldBe((200, ""));
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        return ok;
    }

    private void HangUp(SentMessage ok)
    {
        _node.Deliver(Peer.FromCaller(ok, "BYE", 9, "b"), Harness.Carrier);
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason).ShouldBe((CallOutcome.Answered, EndReason.Bye));
        _node.IsWhole.ShouldBeTrue();
    }
}
