using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Srtp;

/// <summary>Offers within a secure call: new keys, the same keys, refusals.</summary>
public sealed class SrtpChangeTests
{
    [Fact]
    public void Reinvite_WithTheSameKey_IsAnsweredWithTheSame()
    {
        using var node = Connect(out var invite, out var ok);
        var (offered, answered) = Reinvite(node, ok, 2, SrtpTrunks.Line(tag: 7));
        SrtpTrunks.Keys(answered).ShouldBe(SrtpTrunks.Keys(ok));
        // The shop keeps what it chose, under the same tag and key, and is offered nothing else.
        SrtpTrunks.Keys(offered).ShouldBe(SrtpTrunks.Keys(invite).Where(line => line.Tag == 4));
    }

    [Fact]
    public void Reinvite_WithANewKey_IsAnsweredWithANewOne()
    {
        using var node = Connect(out var invite, out var ok);
        var (offered, answered) = Reinvite(node, ok, 2, SrtpTrunks.Line(SrtpTrunks.OtherKey, 8));
        var line = SrtpTrunks.Keys(answered).ShouldHaveSingleItem();
        line.Tag.ShouldBe(8);
        line.Key.ShouldNotBe(SrtpTrunks.Keys(ok)[0].Key);
        SrtpTrunks.Keys(offered).ShouldBe(SrtpTrunks.Keys(invite).Where(l => l.Tag == 4));
        node.Engine.Media.SecureSides.ShouldBe(2);
    }

    [Fact]
    public void Reinvite_Refused_LeavesTheKeysAsTheyWere()
    {
        using var node = Connect(out var invite, out var ok);
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re",
            SrtpTrunks.Sdp(40000, SrtpTrunks.Line(SrtpTrunks.OtherKey, 8))), Harness.Carrier);
        var offered = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(offered, 488), Harness.Shop);
        node.TakeSent(Harness.Carrier)[^1].Code.ShouldBe(488);
        node.TakeSent(Harness.Shop);
        var (again, _) = FromShop(node, invite, 5);
        SrtpTrunks.Keys(again).ShouldBe(SrtpTrunks.Keys(ok));
    }

    [Fact]
    public void Reinvite_OfTheShop_OffersTheCallerWhatItHas()
    {
        using var node = Connect(out var invite, out var ok);
        var (offered, answered) = FromShop(node, invite, 5);
        SrtpTrunks.Keys(offered).ShouldBe(SrtpTrunks.Keys(ok));
        SrtpTrunks.Keys(answered).ShouldHaveSingleItem().Key
            .ShouldBe(SrtpTrunks.Keys(invite).Single(line => line.Tag == 4).Key);
    }

    [Fact]
    public void Reinvite_GoingPlainWhereSecureIsRequired_Is488AndTheCallGoesOn()
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Required, SrtpPolicy.Off);
        var invite = node.Dial(Peer.Invite(body: SrtpTrunks.Sdp(40000, SrtpTrunks.Line(tag: 7))));
        var (ok, _) = node.Answer(invite);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40000)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Engine.Media.SecureSides.ShouldBe(1);
    }

    [Fact]
    public void Reinvite_GoingPlainWhereItMay_MakesTheLegPlain()
    {
        using var node = Connect(out _, out var ok);
        var (offered, answered) = Reinvite(node, ok, 2);
        SrtpTrunks.Profile(answered).ShouldBe("RTP/AVP");
        SrtpTrunks.Profile(offered).ShouldBe("RTP/SAVP");
        node.Engine.Media.SecureSides.ShouldBe(1);
    }

    // The keys are the same after a pause without audio, so the relay must have kept them with their indexes.
    [Fact]
    public void Reinvite_AnsweredWithoutAudio_KeepsTheKeysInTheRelay()
    {
        using var node = Connect(out var invite, out var ok);
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re2", SrtpTrunks.Sdp(40000, SrtpTrunks.Line(tag: 7))),
            Harness.Carrier);
        var offered = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(
            Peer.Answer(offered, 200, SrtpTrunks.Sdp(0, SrtpTrunks.Line(SrtpTrunks.ShopKey, 4))), Harness.Shop);
        var refusal = node.TakeSent(Harness.Carrier)[^1];
        (refusal.Code, refusal.AudioPort, SrtpTrunks.Keys(refusal).Count).ShouldBe((200, 0, 0));
        node.Engine.Media.SecureSides.ShouldBe(2);
        node.Deliver(Peer.FromCaller(ok, "ACK", 2, "ack2"), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        var (again, answered) = Reinvite(node, ok, 3, SrtpTrunks.Line(tag: 7));
        SrtpTrunks.Keys(answered).ShouldBe(SrtpTrunks.Keys(ok));
        SrtpTrunks.Keys(again).ShouldBe(SrtpTrunks.Keys(invite).Where(line => line.Tag == 4));
    }

    // A secure caller and a secure shop, whose keys differ.
    private static Harness Connect(out SentMessage invite, out SentMessage ok)
    {
        var node = new Harness().UseSrtp(SrtpPolicy.Optional, SrtpPolicy.Optional);
        invite = node.Dial(Peer.Invite(body: SrtpTrunks.Sdp(40000, SrtpTrunks.Line(tag: 7))));
        node.Deliver(Peer.Answer(invite, 200, SrtpTrunks.Sdp(42000, SrtpTrunks.Line(SrtpTrunks.ShopKey, 4))),
            Harness.Shop);
        ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        return node;
    }

    private static (SentMessage Offered, SentMessage Answered) Reinvite(
        Harness node, SentMessage ok, int cseq, params string[] lines)
    {
        node.Deliver(Peer.FromCaller(ok, "INVITE", cseq, "re" + cseq, SrtpTrunks.Sdp(40000, lines)), Harness.Carrier);
        var offered = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(offered, 200, SrtpTrunks.Sdp(42000, SrtpTrunks.Line(SrtpTrunks.ShopKey, 4))),
            Harness.Shop);
        var answered = node.TakeSent(Harness.Carrier)[^1];
        answered.Code.ShouldBe(200);
        return (offered, answered);
    }

    private static (SentMessage Offered, SentMessage Answered) FromShop(Harness node, SentMessage invite, int cseq)
    {
        var sdp = SrtpTrunks.Sdp(42000, SrtpTrunks.Line(SrtpTrunks.ShopKey, 4));
        node.Deliver(Peer.FromShop(invite, "INVITE", cseq, "rs" + cseq, sdp), Harness.Shop);
        var offered = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        var answer = SrtpTrunks.Sdp(40000, SrtpTrunks.Line(tag: 7));
        node.Deliver(Peer.Answer(offered, 200, answer, tag: ""), Harness.Carrier);
        var answered = node.TakeSent(Harness.Shop)[^1];
        answered.Code.ShouldBe(200);
        return (offered, answered);
    }
}
