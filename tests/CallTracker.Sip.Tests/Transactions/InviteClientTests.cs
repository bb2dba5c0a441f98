using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Transactions;

public sealed class InviteClientTests
{
    private static readonly string Invite = Wire.Request("INVITE", extra: "Route: <sip:p1;lr>, <sip:p2;lr>\n");

    [Fact]
    public void Invite_WithoutAnyResponse_IsRepeatedByTimerAUntilTimerB()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Advance(40_000);

        rig.SentAtMs().ShouldBe([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
        rig.Log.Told.ShouldBe(["Timeout NoResponseToInvite 42"]);
        rig.Layer.Counters.RetransmitsOut.ShouldBe(6);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Invite_WhoseAnswerMayWaitUnread_IsNotRepeatedBeforeThatIsRead()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Clock.AdvanceMs(600);
        rig.Layer.Advance(rig.Clock.At, unreadMs: 200);
        rig.Log.Sent.Count.ShouldBe(1);

        rig.Receive(Wire.Response(Invite, 180));
        rig.Layer.Advance(rig.Clock.At);
        rig.Log.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public void Invite_WhoseAnswerMayBeAmongTheLatestUnreadAlone_IsRepeated()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Clock.AdvanceMs(600);
        rig.Layer.Advance(rig.Clock.At, unreadMs: 50);
        rig.Log.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public void Invite_OverAReliableTransport_IsSentOnceAndStillTimesOut()
    {
        var rig = new LayerRig();
        rig.Start(Invite, LayerRig.Tcp);
        rig.Advance(31_900);
        rig.Log.Told.ShouldBeEmpty();
        rig.Advance(200);

        rig.Log.Sent.Count.ShouldBe(1);
        rig.Log.Told.ShouldBe(["Timeout NoResponseToInvite 42"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Provisional_WhenItComes_StopsBothTimers()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Advance(600);
        rig.Receive(Wire.Response(Invite, 180));
        rig.Receive(Wire.Response(Invite, 183));
        rig.Advance(180_000);

        rig.Log.Sent.Count.ShouldBe(2);
        rig.Log.Told.ShouldBe(["Response 180 42 to1", "Response 183 42 to1"]);
        rig.Layer.Counters.InviteClientActive.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Success_Repeated_IsToldOnceAndAcknowledgedEachTime(bool isRinging)
    {
        var rig = new LayerRig();
        var tx = rig.Start(Invite);
        if (isRinging) rig.Receive(Wire.Response(Invite, 180));
        rig.Log.Told.Clear();
        rig.Receive(Wire.Response(Invite, 200));
        rig.Receive(Wire.Response(Invite, 200));
        var ack = Wire.Request("ACK", "z9hG4bKack", "1 ACK", "to1", "X-Own: kept\n");
        rig.Layer.SendAck(tx, Wire.Bytes(ack)).ShouldBeTrue();
        var first = rig.LastSent;
        rig.Receive(Wire.Response(Invite, 200));

        rig.Log.Told.ShouldBe(["Response 200 42 to1"]);
        rig.SentLines.Count(line => line.StartsWith("ACK", StringComparison.Ordinal)).ShouldBe(2);
        Lines(rig.LastSent).ShouldBe(Lines(first));
        rig.Layer.Counters.RetransmitsIn.ShouldBe(2);
        rig.Layer.Counters.InviteClientActive.ShouldBe(0);
        rig.Advance(32_010);
        rig.ShouldBeEmpty();
        rig.Receive(Wire.Response(Invite, 200));
        rig.Log.Told[^1].ShouldBe("Stray 200");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Success_WithAnotherToTag_IsAFork(bool isAcknowledged)
    {
        var rig = new LayerRig();
        var tx = rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 200));
        if (isAcknowledged) rig.Layer.SendAck(tx, Wire.Bytes(Wire.Request("ACK", "z9hG4bKack", "1 ACK", "to1")));
        rig.Receive(Wire.Response(Invite, 200, "fork"));

        rig.Log.Told.ShouldBe(["Response 200 42 to1", "Response 200 42 fork"]);
        var sentCount = rig.Log.Sent.Count;
        var forkAck = Wire.Bytes(Wire.Request("ACK", "z9hG4bKack2", "1 ACK", "fork"));
        rig.Layer.SendAck(rig.LastHandle, forkAck).ShouldBeTrue();
        rig.Log.Sent.Count.ShouldBe(sentCount + 1);
    }

    [Fact]
    public void Success_NeverAcknowledged_EndsWithTimerM()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 200));
        rig.Advance(31_900);
        rig.Layer.Counters.InviteClientActive.ShouldBe(1);
        rig.Advance(200);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Failure_Repeated_IsToldOnceAndAcknowledgedByTheLayerEachTime()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 486));
        var first = Wire.Parse(rig.LastSent);
        rig.Receive(Wire.Response(Invite, 486));

        rig.Log.Told.ShouldBe(["Response 486 42 to1"]);
        rig.Log.Sent.Count.ShouldBe(3);
        Lines(rig.LastSent).ShouldBe(Lines(rig.Log.Sent[1].Text));
        first.Method.ShouldBe(SipMethod.Ack);
        Wire.Text(first.TopVia.Branch).ShouldBe("z9hG4bKa1");
        Wire.Text(first.ToTag).ShouldBe("to1");
        Wire.Text(first.RequestUri).ShouldBe("sip:0120000111@192.0.2.9");
        first.CSeqNumber.ShouldBe(1u);
        first.Count(SipHeaderKind.Route).ShouldBe(2);
        first.Count(SipHeaderKind.Via).ShouldBe(1);
        rig.Layer.Counters.Active.ShouldBe(0);
        rig.Advance(32_010);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Failure_OverAReliableTransport_LeavesNothing()
    {
        var rig = new LayerRig();
        rig.Start(Invite, LayerRig.Tcp);
        rig.Receive(Wire.Response(Invite, 404), LayerRig.Tcp);

        rig.SentLines.Last().ShouldStartWith("ACK ");
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Transport_ThatFailsAtOnce_IsToldFromAdvance()
    {
        var rig = new LayerRig();
        rig.Log.IsBroken = true;
        var tx = rig.Start(Invite);
        tx.IsNone.ShouldBeFalse();
        rig.Log.Told.ShouldBeEmpty();
        rig.Layer.NextDelayMs(rig.Clock.NowMs).ShouldBe(0);
        rig.Layer.Advance(rig.Clock.NowMs);

        rig.Log.Told.ShouldBe(["Failure 42"]);
        rig.Layer.SetUser(tx, 1).ShouldBeFalse();
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_BeforeAnyResponse_WaitsForTheProvisional()
    {
        var rig = new LayerRig();
        var tx = rig.Start(Invite);
        rig.Layer.StartCancel(tx, rig.Clock.NowMs).ShouldBeTrue();
        rig.Log.Sent.Count.ShouldBe(1);
        rig.Receive(Wire.Response(Invite, 100, ""));

        var cancel = Wire.Parse(rig.LastSent);
        cancel.Method.ShouldBe(SipMethod.Cancel);
        Wire.Text(cancel.TopVia.Branch).ShouldBe("z9hG4bKa1");
        cancel.CSeqNumber.ShouldBe(1u);
        cancel.ToTag.IsEmpty.ShouldBeTrue();
        cancel.Count(SipHeaderKind.Route).ShouldBe(2);
        rig.Receive(Wire.Response(rig.LastSent, 200));
        rig.Receive(Wire.Response(Invite, 487));
        rig.Log.Told.ShouldBe(["Response 100 42", "Response 487 42 to1"]);
        rig.Advance(33_000);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_WithAReason_SaysIt()
    {
        var rig = new LayerRig();
        var tx = rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 180));
        rig.Layer.StartCancel(tx, "Q.850;cause=16"u8, rig.Clock.NowMs).ShouldBeTrue();
        Wire.Text(Wire.Parse(rig.LastSent).Header(SipHeaderKind.Reason)).ShouldBe("Q.850;cause=16");
    }

    [Fact]
    public void Cancel_WithoutFinalResponse_EndsTheInviteAfter64T1()
    {
        var rig = new LayerRig();
        var tx = rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 180));
        rig.Advance(5_000);
        rig.Layer.StartCancel(tx, rig.Clock.NowMs).ShouldBeTrue();
        rig.Layer.StartCancel(tx, rig.Clock.NowMs).ShouldBeTrue();
        rig.SentLines.Count(line => line.StartsWith("CANCEL", StringComparison.Ordinal)).ShouldBe(1);
        rig.Advance(32_010);

        rig.Log.Told.ShouldContain("Timeout NoFinalResponseAfterCancel 42");
        rig.Log.Told.Count.ShouldBe(2);
        rig.Advance(10_000);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_ThatCrossesA200_LeavesTheAnswerToTheUser()
    {
        var rig = new LayerRig();
        var tx = rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 180));
        rig.Layer.StartCancel(tx, rig.Clock.NowMs);
        rig.Receive(Wire.Response(Invite, 200));

        rig.Log.Told.ShouldBe(["Response 180 42 to1", "Response 200 42 to1"]);
        rig.Layer.StartCancel(tx, rig.Clock.NowMs).ShouldBeFalse();
        rig.Layer.SendAck(tx, Wire.Bytes(Wire.Request("ACK", "z9hG4bKack", "1 ACK", "to1"))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("z9hG4bKother")]
    [InlineData("old-branch")]
    public void Response_ToNobody_IsStray(string branch)
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Receive(Wire.Response(Wire.Request("INVITE", branch), 200));
        rig.Log.Told.ShouldBe(["Stray 200"]);
    }

    [Fact]
    public void Response_WithASecondVia_IsStray()
    {
        var rig = new LayerRig();
        rig.Start(Invite);
        rig.Receive(Wire.Response(Invite, 200, extra: "Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1\n"));
        rig.Log.Told.ShouldBe(["Stray 200"]);
        rig.Layer.Counters.StrayResponses.ShouldBe(1);
    }

    private static string[] Lines(string message) =>
        [.. message.Split("\r\n").OrderBy(line => line, StringComparer.Ordinal)];
}
