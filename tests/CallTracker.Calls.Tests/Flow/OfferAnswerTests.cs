using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Offers and answers of a running call (RFC 3264, RFC 6337): holds, changes, refusals, races.</summary>
public sealed class OfferAnswerTests
{
    [Theory]
    [InlineData("a=sendonly\r\n", "a=recvonly\r\n")]
    [InlineData("a=inactive\r\n", "a=inactive\r\n")]
    public void Hold_ByAttribute_IsCarriedAndTheVersionGrows(string offer, string answer)
    {
        using var node = new Harness();
        var (invite, ok) = node.Connect();
        var carried = Reinvite(node, ok, Peer.Sdp(40000, offer));
        carried.Body.ShouldContain(offer.Trim());
        Version(carried.Body).ShouldBe(Version(invite.Body) + 1);
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000, answer)), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldContain(answer.Trim());
    }

    [Fact]
    public void Hold_ByAddress_BecomesHoldByAttribute()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        var held = Peer.Sdp(40000).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", StringComparison.Ordinal);
        var carried = Reinvite(node, ok, held);
        carried.Body.ShouldContain("a=sendonly");
        carried.Body.ShouldNotContain("0.0.0.0");
    }

    [Fact]
    public void Reinvite_Unchanged_KeepsTheVersion()
    {
        using var node = new Harness();
        var (invite, ok) = node.Connect();
        var carried = Reinvite(node, ok, Peer.Sdp(40000));
        carried.Body.ShouldBe(invite.Body);
    }

    [Fact]
    public void Reinvite_AddingVideo_OffersItWithPortZero()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        var carried = Reinvite(node, ok, Peer.Sdp(40000) + "m=video 40010 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n");
        carried.Body.ShouldContain("m=video 0 RTP/AVP 96");
    }

    [Fact]
    public void Reinvite_WithoutUsableAudio_Is488AndTheCallGoesOn()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(0)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Reinvite_MovedContact_MovesWhereRequestsGo()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        var text = Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40000)).Replace(
            "<sip:caller@127.0.0.1:5071>", "<sip:moved@127.0.0.1:5071>", StringComparison.Ordinal);
        node.Deliver(text, Harness.Carrier);
        node.Deliver(Peer.Answer(node.TakeSent(Harness.Shop)[^1], 200, Peer.Sdp(42000)), Harness.Shop);
        var answer = node.TakeSent(Harness.Carrier)[^1];
        node.Deliver(Peer.FromCaller(answer, "ACK", 2, "a2"), Harness.Carrier);
        node.Engine.EndAll(node.Now);
        node.TakeSent(Harness.Carrier).Single(m => m.Method == "BYE").Uri.ShouldBe("sip:moved@127.0.0.1:5071");
    }

    [Fact]
    public void LateOffer_AckWithoutAnswer_EndsTheCall()
    {
        using var node = new Harness();
        var invite = node.Dial(Peer.Invite(body: null));
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.TakeSent(Harness.Carrier).ShouldContain(m => m.Method == "BYE");
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnusableMedia);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void LateOffer_CallerHangsUpBeforeItsAck_LeavesNothing()
    {
        using var node = new Harness();
        var invite = node.Dial(Peer.Invite(body: null));
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Answer_RejectingTheAudio_IsEndedAndFailsTheAttempt()
    {
        using var node = new Harness();
        node.Deliver(Peer.Answer(node.Dial(), 200, Peer.Sdp(0)), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Reinvite_Cancelled_Ends487AndTheCallGoesOn()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40002)), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 100), Harness.Shop);
        node.TakeSent(Harness.Carrier);
        var cancel = Peer.FromCaller(ok, "CANCEL", 2, "re");
        node.Deliver(cancel, Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("CANCEL");
        node.Deliver(Peer.Answer(carried, 487), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(487);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    private static SentMessage Reinvite(Harness node, SentMessage ok, string sdp)
    {
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", sdp), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        return node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
    }

    private static long Version(string sdp) =>
        long.Parse(sdp[sdp.IndexOf("o=", StringComparison.Ordinal)..].Split(' ')[2]);
}
