using System.Text;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Calls.Tracing;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Protection;

/// <summary>Overload as peers see it: 503 for new calls, everything else as ever.</summary>
public sealed class InviteShedderTests
{
    private static readonly SipFlow Flow = new(SipTransportKind.Udp, 0, 0, Harness.Carrier);

    [Fact]
    public void Invite_UnderOverload_Gets503FromItsBytesAlone()
    {
        using var node = new Harness();
        Overload(node);
        Shed(node, Peer.Invite()).ShouldBeTrue();
        var refusal = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        refusal.Code.ShouldBe(503);
        int.Parse(refusal.Header("Retry-After").Split(' ')[0]).ShouldBeInRange(5, 10);
        refusal.Header("Call-ID").ShouldBe(Peer.CallId);
        refusal.Header("Via").ShouldContain("received=127.0.0.1");
        refusal.Tag("To").ShouldStartWith("ov");
        node.Engine.TransactionCounters.Active.ShouldBe(0);
        node.Journal.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Invite_RefusedAndRepeated_IsAnsweredAlikeAndCountedOnce()
    {
        using var node = new Harness();
        Overload(node);
        Shed(node, Peer.Invite()).ShouldBeTrue();
        Shed(node, Peer.Invite()).ShouldBeTrue();
        var answers = node.TakeSent(Harness.Carrier);
        answers[0].Text.ShouldBe(answers[1].Text);
        (node.Engine.Counters.InvitesShed, node.Engine.Counters.InvitesShedAgain).ShouldBe((1, 1));

        Shed(node, AckOf(answers[0])).ShouldBeFalse();
        node.Engine.TryDropAck(Encoding.Latin1.GetBytes(AckOf(answers[0]))).ShouldBeTrue();
        node.Engine.Counters.AcksShed.ShouldBe(1);
    }

    [Fact]
    public void Invite_Refused_IsNotTraced()
    {
        var ring = new TraceRing(TraceRing.CapacityMin);
        using var node = new Harness(trace: ring);
        Overload(node);
        Shed(node, Peer.Invite()).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(503);
        ring.Messages.ShouldBe(0);
    }

    [Fact]
    public void Invite_RefusedOnce_IsRefusedAgainWhenAllAreTaken()
    {
        using var node = new Harness();
        Overload(node);
        // Overload went ahead of the clock.
        node.Pass(4_900);
        Shed(node, Peer.Invite()).ShouldBeTrue();
        node.Pass(6_000);
        node.Engine.Admission.IsShedding.ShouldBeFalse();
        node.Engine.IsShedding(node.Now.NowMs).ShouldBeTrue();
        Shed(node, Peer.Invite()).ShouldBeTrue();
        (node.Engine.Counters.InvitesShed, node.Engine.Counters.InvitesShedAgain).ShouldBe((1, 1));
        // Another call is taken.
        Shed(node, Peer.Invite().Replace("z9hG4bK", "z9hG4bKother", StringComparison.Ordinal)).ShouldBeFalse();
    }

    [Fact]
    public void Invite_ThatWaitedForT1_IsRefusedWhateverTheShare()
    {
        using var node = new Harness();
        Shed(node, Peer.Invite(), waitedMs: 499).ShouldBeFalse();
        Shed(node, Peer.Invite(), waitedMs: 500).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(503);
    }

    [Fact]
    public void Invite_TakenBeforeTheOverload_IsNotRefusedWhenRepeated()
    {
        using var node = new Harness();
        node.Dial();
        Overload(node);
        Shed(node, Peer.Invite()).ShouldBeFalse();
        node.Deliver(Peer.Invite(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void RunningCall_UnderOverload_GoesOnAsEver()
    {
        using var node = new Harness();
        var (shopInvite, ok) = node.Connect();
        Overload(node);
        var reinvite = Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40002));
        Shed(node, reinvite).ShouldBeFalse();
        node.Deliver(reinvite, Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("INVITE");
        node.TakeSent(Harness.Carrier);
        node.Deliver(Peer.FromShop(shopInvite, "BYE", 1, "b"), Harness.Shop);
        node.TakeSent(Harness.Shop)[0].Code.ShouldBe(200);
    }

    [Fact]
    public void Invite_NotReadAtAGlance_IsRefusedByItsStep()
    {
        using var node = new Harness();
        Overload(node);
        var folded = Peer.Invite(headers: "Subject: a\r\n b\r\n");
        Shed(node, folded).ShouldBeFalse();
        node.Deliver(folded, Harness.Carrier);
        var refusal = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (refusal.Code, refusal.Header("Retry-After")).ShouldBe((503, "5"));
        node.Journal.Entries.ShouldBeEmpty();
        node.Engine.Counters.InvitesShed.ShouldBe(1);
    }

    [Fact]
    public void Invite_RefusedManyTimes_AllocatesNothing()
    {
        using var node = new Harness();
        Overload(node);
        node.Wire.IsBroken = true;
        var bytes = Encoding.Latin1.GetBytes(Peer.Invite());
        Bytes(() => Shed(node, bytes)).ShouldBe(0);
        Bytes(() => GC.KeepAlive(new byte[1])).ShouldBeGreaterThan(0);
    }

    // The least of some rounds: a collection that other tests cause charges this thread with the rest of its share.
    private static long Bytes(Action action)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++) action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    // The share falls to its floor; one call in 500 would still be taken, and this one is not.
    private static void Overload(Harness node)
    {
        var now = node.Now.NowMs;
        for (var ms = 0; ms < 5_000; ms += 10) node.Engine.Admission.Observe(900, now + ms);
        node.Engine.Admission.Share.ShouldBeLessThan(0.01);
    }

    private static bool Shed(Harness node, string text, int waitedMs = 60) =>
        Shed(node, Encoding.Latin1.GetBytes(text), waitedMs);

    private static bool Shed(Harness node, byte[] bytes, int waitedMs = 60) =>
        InviteGlance.TryRead(bytes, out var glance) && node.Engine.TryShed(glance, Flow, waitedMs, node.Now.NowMs);

    private static string AckOf(SentMessage refusal) =>
        $"ACK sip:0120000001@127.0.0.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bKinv1;rport\r\n" +
        $"From: {refusal.Header("From")}\r\nTo: {refusal.Header("To")}\r\nCall-ID: {refusal.Header("Call-ID")}\r\n" +
        "CSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n";
}
