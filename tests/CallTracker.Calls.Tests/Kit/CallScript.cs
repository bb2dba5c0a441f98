using Shouldly;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>The usual moves of a test call, each checked on the way.</summary>
internal static class CallScript
{
    /// <summary>The caller's INVITE goes in; 100 goes back and the INVITE to the shop comes out.</summary>
    public static SentMessage Dial(this Harness node, string? invite = null)
    {
        node.Deliver(invite ?? Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        var sent = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        sent.Method.ShouldBe("INVITE");
        return sent;
    }

    /// <summary>The shop answers; the caller gets the 200 and the shop its ACK.</summary>
    public static (SentMessage Ok, SentMessage Ack) Answer(this Harness node, SentMessage shopInvite, int port = 42000)
    {
        node.Deliver(Peer.Answer(shopInvite, 200, Peer.Sdp(port)), Harness.Shop).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Code.ShouldBe(200);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        ack.Method.ShouldBe("ACK");
        return (ok, ack);
    }

    /// <summary>A whole call up to the caller's ACK.</summary>
    public static (SentMessage ShopInvite, SentMessage Ok) Connect(this Harness node, string? invite = null)
    {
        var shopInvite = node.Dial(invite);
        var (ok, _) = node.Answer(shopInvite);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier).ShouldBeTrue();
        return (shopInvite, ok);
    }
}
