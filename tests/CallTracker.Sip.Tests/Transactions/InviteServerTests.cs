using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Transactions;

public sealed class InviteServerTests
{
    private static readonly string Invite = Wire.Invite();
    private static readonly string Ack = Wire.Request("ACK", "z9hG4bKa1", "1 ACK", "mine");
    private static readonly string AckTo2xx = Wire.Request("ACK", "z9hG4bKa2", "1 ACK", "mine");

    [Fact]
    public void Invite_RepeatedBeforeAnyResponse_IsAbsorbed()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Receive(Invite);
        rig.Log.Told.ShouldBe(["Request INVITE"]);
        rig.Log.Sent.ShouldBeEmpty();
        rig.Layer.Counters.RetransmitsIn.ShouldBe(1);
    }

    [Fact]
    public void Invite_RepeatedWhileRinging_GetsTheLastProvisionalAgain()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Layer.RespondTrying(rig.LastHandle, Wire.Parse(Invite), LayerRig.Udp, rig.Clock.NowMs).ShouldBeTrue();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, 180);
        rig.Receive(Invite);

        rig.SentLines.ShouldBe(
            ["SIP/2.0 100 Trying", "SIP/2.0 100 Trying", "SIP/2.0 180 Ringing", "SIP/2.0 180 Ringing"]);
        rig.Log.Sent[3].Text.ShouldBe(rig.Log.Sent[2].Text);
        Wire.Parse(rig.Log.Sent[0].Text).ToTag.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Failure_WithoutAck_IsRepeatedByTimerGUntilTimerH()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Layer.SetUser(rig.LastHandle, 7);
        rig.Respond(rig.LastHandle, Invite, 486);
        rig.Advance(40_000);

        rig.SentAtMs().ShouldBe(
            [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500], new Near(20));
        rig.Log.Told.ShouldBe(["Request INVITE", "Timeout NoAck 7"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Failure_Acknowledged_StopsAndAbsorbsForT4()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, 486);
        rig.Receive(Invite);
        rig.Log.Sent.Count.ShouldBe(2);
        rig.Receive(Ack);
        rig.Receive(Ack);
        rig.Receive(Invite);
        rig.Advance(4_900);

        rig.Log.Told.ShouldBe(["Request INVITE"]);
        rig.Log.Sent.Count.ShouldBe(2);
        rig.Layer.Counters.Active.ShouldBe(0);
        rig.Layer.Counters.BufferBytesUsed.ShouldBe(0);
        rig.Advance(200);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Failure_OverAReliableTransport_IsNotRepeated()
    {
        var rig = new LayerRig();
        rig.Receive(Invite, LayerRig.Tcp);
        rig.Respond(rig.LastHandle, Invite, 486);
        rig.Advance(20_000);
        rig.Log.Sent.Count.ShouldBe(1);
        rig.Receive(Ack, LayerRig.Tcp);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Success_UntilItsAckIsConfirmed_IsRepeated()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        var tx = rig.LastHandle;
        rig.Respond(tx, Invite, 200);
        rig.Advance(4_000);
        rig.SentAtMs().ShouldBe([0, 500, 1500, 3500], new Near(20));
        rig.Receive(Invite);
        rig.Log.Sent.Count.ShouldBe(4);
        rig.Receive(AckTo2xx);
        rig.Log.Told[^1].ShouldBe("Ack");
        rig.Layer.ConfirmAck(tx).ShouldBeTrue();
        rig.Layer.ConfirmAck(tx).ShouldBeFalse();
        rig.Advance(20_000);

        rig.Log.Sent.Count.ShouldBe(4);
        rig.Layer.Counters.BufferBytesUsed.ShouldBe(0);
        rig.Receive(Invite);
        rig.Log.Told.ShouldBe(["Request INVITE", "Ack"]);
        rig.Advance(12_010);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Success_WithoutAck_EndsAfter64T1()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Layer.SetUser(rig.LastHandle, 9);
        rig.Respond(rig.LastHandle, Invite, 200);
        rig.Advance(32_010);
        rig.Log.Told.ShouldBe(["Request INVITE", "Timeout NoAckTo2xx 9"]);
        rig.Log.Sent.Count.ShouldBe(11);
        rig.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    public void Success_OverAReliableTransport_IsRepeatedEndToEndUnlessSwitchedOff(bool isOn, int sentCount)
    {
        var rig = new LayerRig(LayerRig.Small() with { Retransmit2xxOverReliable = isOn });
        rig.Receive(Invite, LayerRig.Tcp);
        rig.Respond(rig.LastHandle, Invite, 200);
        rig.Advance(4_000);
        rig.Log.Sent.Count.ShouldBe(sentCount);
    }

    [Fact]
    public void Response_AfterTheFinalOne_IsNotSent()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, 486).ShouldBeTrue();
        rig.Respond(rig.LastHandle, Invite, 200).ShouldBeFalse();
        rig.Respond(rig.LastHandle, Invite, 180).ShouldBeFalse();
        rig.Log.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public void Transport_ThatFails_IsToldAndChangesNothing()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Log.IsBroken = true;
        rig.Respond(rig.LastHandle, Invite, 180);
        rig.Advance(10);
        rig.Log.Told[^1].ShouldBe("Failure 0");
        rig.Log.IsBroken = false;
        rig.Respond(rig.LastHandle, Invite, 486).ShouldBeTrue();
        rig.SentLines.ShouldBe(["SIP/2.0 486 Busy Here"]);
    }

    [Fact]
    public void Ack_AfterARefusalThatCouldNotBeSentAgain_EndsTheTransaction()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, 486);
        rig.Log.IsBroken = true;
        rig.Receive(Invite);
        rig.Receive(Wire.Request("ACK", "z9hG4bKa1", "1 ACK", "to1"));
        rig.Layer.Counters.Active.ShouldBe(0);
        rig.Advance(6_000);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_WhileRinging_IsAnsweredAndTold()
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        var invite = rig.LastHandle;
        rig.Layer.SetUser(invite, 3);
        rig.Respond(invite, Invite, 180);
        var cancel = Wire.Request("CANCEL", "z9hG4bKa1", "1 CANCEL");
        rig.Receive(cancel);
        rig.Receive(cancel);

        rig.Log.Told.ShouldBe(["Request INVITE", "Cancel 3"]);
        rig.LastHandle.ShouldBe(invite);
        rig.SentLines.Skip(1).ShouldBe(["SIP/2.0 200 OK", "SIP/2.0 200 OK"]);
        Wire.Text(Wire.Parse(rig.LastSent).ToTag).ShouldBe("mine");
        Wire.Text(Wire.Parse(rig.LastSent).CSeqMethodText).ShouldBe("CANCEL");
        rig.Respond(invite, Invite, 487).ShouldBeTrue();
    }

    [Theory]
    [InlineData(486)]
    [InlineData(200)]
    public void Cancel_AfterAFinalResponse_IsAnsweredAndNotTold(int code)
    {
        var rig = new LayerRig();
        rig.Receive(Invite);
        rig.Respond(rig.LastHandle, Invite, code);
        rig.Receive(Wire.Request("CANCEL", "z9hG4bKa1", "1 CANCEL"));
        rig.Log.Told.ShouldBe(["Request INVITE"]);
        rig.SentLines.Last().ShouldBe("SIP/2.0 200 OK");
    }

    [Fact]
    public void Cancel_OfNothing_Gets481WithAToTag()
    {
        var rig = new LayerRig();
        rig.Receive(Wire.Request("CANCEL", "z9hG4bKa1", "1 CANCEL"));
        rig.Log.Told.ShouldBeEmpty();
        rig.SentLines.ShouldBe(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
        Wire.Parse(rig.LastSent).ToTag.IsEmpty.ShouldBeFalse();
        rig.Layer.Counters.UnmatchedCancels.ShouldBe(1);
    }

    [Fact]
    public void OldAgent_WithoutCookie_IsMatchedByTheRulesOfRfc2543()
    {
        var rig = new LayerRig();
        var invite = Wire.Invite("1");
        rig.Receive(invite);
        var tx = rig.LastHandle;
        rig.Receive(invite);
        rig.Receive(invite.Replace("call1", "call2", StringComparison.Ordinal));
        rig.Log.Told.ShouldBe(["Request INVITE", "Request INVITE"]);
        rig.Respond(tx, invite, 180);
        rig.Receive(Wire.Request("CANCEL", "1", "1 CANCEL"));
        rig.Log.Told[^1].ShouldBe("Cancel 0");
        rig.LastHandle.ShouldBe(tx);
        rig.Respond(tx, invite, 487);
        rig.Receive(Wire.Request("ACK", "1", "1 ACK", "mine"));
        rig.Layer.Counters.InviteServerActive.ShouldBe(1);
        rig.Log.Told.Count.ShouldBe(3);
    }

    [Fact]
    public void SentBy_InOtherLetters_IsTheSameHost()
    {
        var rig = new LayerRig();
        var named = Invite.Replace("192.0.2.1:5060;rport", "Host.Example;rport", StringComparison.Ordinal);
        rig.Receive(named);
        rig.Receive(named.Replace("Host.Example", "hOST.eXAMPLE:5060", StringComparison.Ordinal));
        rig.Log.Told.ShouldBe(["Request INVITE"]);
        rig.Receive(named.Replace("Host.Example", "Host.Example:5062", StringComparison.Ordinal));
        rig.Log.Told.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(";rport", false, 5099)]
    [InlineData("", false, 5060)]
    [InlineData("", true, 5099)]
    public void Response_OverUdp_GoesWhereTheViaSays(string rport, bool isToSource, int port)
    {
        var rig = new LayerRig(LayerRig.Small() with { AnswerToSource = isToSource });
        var invite = Invite.Replace(";rport", rport, StringComparison.Ordinal);
        rig.Receive(invite, LayerRig.Udp with { Remote = LayerRig.Udp.Remote.WithPort(5099) });
        rig.Respond(rig.LastHandle, invite, 180);
        ((int)rig.Log.Sent[0].Flow.Remote.Port).ShouldBe(port);
    }
}
