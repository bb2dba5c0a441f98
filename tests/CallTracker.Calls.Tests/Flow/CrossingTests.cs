using CallTracker.Calls.Tests.Kit;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>What the simulation of whole calls found: exchanges that cross, overtake or outlive each other.</summary>
public sealed class CrossingTests
{
    [Fact]
    public void Ack_OfAnEarlierInviteThatComesAgain_LeavesTheReinviteUnacknowledged()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1", Peer.Sdp(40002)), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Carrier)[^1].Code.ShouldBe(200);

        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.Pass(600);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);

        node.Deliver(Peer.FromCaller(ok, "ACK", 2, "ack2"), Harness.Carrier);
        node.Pass(5_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
    }

    [Fact]
    public void Ack_OfAnEarlierInviteThatComesAgain_IsNoAnswerToAnOffer()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1"), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42002)), Harness.Shop);
        node.TakeSent(Harness.Carrier);

        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);

        node.Deliver(Peer.FromCaller(ok, "ACK", 2, "ack2", Peer.Sdp(40002)), Harness.Carrier);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (ack.Method, ack.Body.Length > 0).ShouldBe(("ACK", true));
    }

    [Fact]
    public void Answer_RepeatedWhenItsAckCouldNotBeKept_IsAcknowledgedAgainAndTheTalkGoesOn()
    {
        // Room for the INVITE's size of message, and for the answers to the caller; none for the small ACK.
        using var node = new Harness(transactions: new TransactionSettings { BufferBytesMax = 3 * 65_536 });
        var shopInvite = node.Dial();
        node.Answer(shopInvite);
        node.Engine.TransactionCounters.NotKept.ShouldBeGreaterThan(0);

        node.Deliver(Peer.Answer(shopInvite, 200, Peer.Sdp(42000)), Harness.Shop);

        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Reinvite_NeverFinishedByTheOtherSide_LeavesNoTransactionWhenTheCallEnds()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1", Peer.Sdp(40002)), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 100, tag: ""), Harness.Shop);

        node.Deliver(Peer.FromCaller(ok, "BYE", 3, "bye1"), Harness.Carrier);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["BYE", "CANCEL"], ignoreOrder: true);
        node.Pass(70_000);
        node.Engine.TransactionCounters.Active.ShouldBe(0);
        node.IsWhole.ShouldBeTrue();
    }
}
