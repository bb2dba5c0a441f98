using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>UPDATE (RFC 3311): early and in the dialog, carried and answered, and where it crosses something.</summary>
public sealed class UpdateTests
{
    private const string Allow = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, PRACK\r\n";

    [Fact]
    public void Update_WithOffer_IsCarriedAndItsAnswerComesBack()
    {
        using var node = new Harness();
        var (_, ok) = Connect(node);
        node.Deliver(Peer.FromCaller(ok, "UPDATE", 2, "u", Peer.Sdp(40000, "a=sendonly\r\n")), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        carried.Method.ShouldBe("UPDATE");
        carried.Body.ShouldContain("a=sendonly");
        carried.Header("Contact").ShouldContain("5060");
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000, "a=recvonly\r\n")), Harness.Shop);
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (answer.Code, answer.Header("CSeq")).ShouldBe((200, "2 UPDATE"));
        answer.Body.ShouldContain("a=recvonly");
        answer.Header("Contact").ShouldContain("5060");
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
    }

    [Fact]
    public void Update_ToAPeerWithoutIt_BecomesAReinvite()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "UPDATE", 2, "u", Peer.Sdp(40002)), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        carried.Method.ShouldBe("INVITE");
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (answer.Code, answer.Header("CSeq")).ShouldBe((200, "2 UPDATE"));
        node.Pass(40_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Update_Refused_IsRefusedAndTheCallGoesOn()
    {
        using var node = new Harness();
        var (_, ok) = Connect(node);
        node.Deliver(Peer.FromCaller(ok, "UPDATE", 2, "u", Peer.Sdp(40002)), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 488), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Update_WithoutAudio_Is488AndNotCarried()
    {
        using var node = new Harness();
        var (_, ok) = Connect(node);
        node.Deliver(Peer.FromCaller(ok, "UPDATE", 2, "u", Peer.Sdp(0)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE", "UPDATE", 491)]
    [InlineData("UPDATE", "INVITE", 491)]
    [InlineData("INVITE", "UPDATE", 491)]
    public void Offers_FromBothSides_TheSecondGets491(string first, string second, int code)
    {
        using var node = new Harness();
        var (shopInvite, ok) = Connect(node);
        node.Deliver(Peer.FromCaller(ok, first, 2, "one", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        node.Deliver(Peer.FromShop(shopInvite, second, 1, "two", Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("UPDATE", "UPDATE")]
    [InlineData("INVITE", "UPDATE")]
    [InlineData("INVITE", "INVITE")]
    public void Offers_TwoOfTheSameSide_TheSecondGets500WithRetryAfter(string first, string second)
    {
        using var node = new Harness();
        var (_, ok) = Connect(node);
        node.Deliver(Peer.FromCaller(ok, first, 2, "one", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, second, 3, "two", Peer.Sdp(40004)), Harness.Carrier);
        var refusal = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        refusal.Code.ShouldBe(500);
        int.Parse(refusal.Header("Retry-After")).ShouldBeInRange(0, 10);
    }

    [Fact]
    public void Update_CrossedAtTheShop_Its491ComesBack()
    {
        using var node = new Harness();
        var (_, ok) = Connect(node);
        node.Deliver(Peer.FromCaller(ok, "UPDATE", 2, "u", Peer.Sdp(40002)), Harness.Carrier);
        node.Deliver(Peer.Answer(node.TakeSent(Harness.Shop).ShouldHaveSingleItem(), 491), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(491);
        node.Deliver(Peer.FromCaller(ok, "UPDATE", 3, "u3", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("UPDATE");
    }

    [Fact]
    public void Update_OfTheShopBeforeTheAnswer_IsCarriedWhenBothSidesAreSettled()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = Settle(node);
        node.Deliver(Peer.FromShop(invite, "UPDATE", 1, "su", Peer.Sdp(42010)), Harness.Shop);
        var carried = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (carried.Method, carried.Header("CSeq")).ShouldBe(("UPDATE", "1 UPDATE"));
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(40000), tag: ""), Harness.Carrier);
        var answer = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (answer.Code, answer.Header("Session-Expires")).ShouldBe((200, ""));
        answer.Body.ShouldContain("m=audio");
    }

    [Fact]
    public void Prack_WithANewOffer_IsCarriedAsUpdateAndAnswered()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: "Supported: 100rel\r\n" + Allow));
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000), allow: "UPDATE"), Harness.Shop);
        node.TakeSent(Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(DialogTrunks.Prack(progress, 2, Peer.Sdp(40010)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        carried.Method.ShouldBe("UPDATE");
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000)), Harness.Shop);
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (answer.Code, answer.Header("CSeq")).ShouldBe((200, "2 PRACK"));
        answer.Body.ShouldContain("m=audio");
    }

    [Fact]
    public void Update_BeforeAnythingWasSettled_IsRefusedByWhoseOfferIsOpen()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: Allow));
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        var ringing = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ringing, "UPDATE", 2, "u", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(500);
        node.Deliver(Peer.FromShop(invite, "UPDATE", 1, "su", Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(491);
    }

    [Fact]
    public void Update_EarlyTowardsAShopWithoutIt_Is504()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: "Supported: 100rel\r\n" + Allow));
        node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000)), Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(DialogTrunks.Prack(progress, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.FromCaller(progress, "UPDATE", 3, "u", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(504);
    }

    [Fact]
    public void Update_WithoutOffer_IsAnsweredHereAndMovesTheTarget()
    {
        using var node = new Harness();
        var (_, ok) = Connect(node);
        var update = Peer.FromCaller(ok, "UPDATE", 2, "u").Replace(
            "<sip:caller@127.0.0.1:5071>", "<sip:moved@127.0.0.1:5071>", StringComparison.Ordinal);
        node.Deliver(update, Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Engine.EndAll(node.Now);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Uri.ShouldBe("sip:moved@127.0.0.1:5071");
    }

    private static (SentMessage ShopInvite, SentMessage Ok) Connect(Harness node)
    {
        var invite = node.Dial(Peer.Invite(headers: Allow));
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), headers: Allow), Harness.Shop);
        node.TakeSent(Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        return (invite, ok);
    }

    private static SentMessage Settle(Harness node)
    {
        var invite = node.Dial(Peer.Invite(headers: "Supported: 100rel\r\n" + Allow));
        node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000), allow: "UPDATE"), Harness.Shop);
        node.TakeSent(Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(DialogTrunks.Prack(progress, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        return invite;
    }
}
