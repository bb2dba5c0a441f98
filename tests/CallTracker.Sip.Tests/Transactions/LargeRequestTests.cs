using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Transactions;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>Requests too large for a datagram: over TCP, and back (RFC 3261 section 18.1.1).</summary>
public sealed class LargeRequestTests
{
    private static readonly string Large =
        Wire.Request("INVITE", extra: $"Subject: {new string('x', 1300)}\n")
            .ReplaceLineEndings("\r\n");

    [Fact]
    public void LargeRequest_MeantForUdp_GoesOverTcpAndItsViaSaysSo()
    {
        var rig = new LayerRig();
        rig.Start(Large);
        rig.Advance(3_000);

        var (_, flow, text) = rig.Log.Sent.ShouldHaveSingleItem();
        flow.Kind.ShouldBe(SipTransportKind.Tcp);
        flow.Remote.ShouldBe(LayerRig.Udp.Remote);
        text.ShouldBe(Large.Replace("SIP/2.0/UDP", "SIP/2.0/TCP", StringComparison.Ordinal));
        rig.Layer.Counters.SwitchedToTcp.ShouldBe(1);
    }

    [Fact]
    public void AckAndCancel_OfARequestThatWasSwitched_FollowIt()
    {
        var rig = new LayerRig();
        var tx = rig.Start(Large);
        rig.Receive(Wire.Response(Large, 180));
        rig.Layer.StartCancel(tx, rig.Clock.NowMs);
        rig.Receive(Wire.Response(Large, 487));

        rig.SentLines.Select(line => line.Split(' ')[0]).ShouldBe(["INVITE", "CANCEL", "ACK"]);
        rig.Log.Sent.ShouldAllBe(sent => sent.Flow.Kind == SipTransportKind.Tcp);
        rig.Log.Sent.ShouldAllBe(sent => sent.Text.Contains("Via: SIP/2.0/TCP ", StringComparison.Ordinal));
    }

    [Fact]
    public void LargeRequest_WhoseConnectionFails_GoesOverUdpWithItsTimers()
    {
        var rig = new LayerRig();
        rig.Start(Large);
        rig.Layer.OnSendFailed(Wire.Bytes(rig.LastSent), rig.Clock.NowMs);
        rig.Advance(700);

        rig.Log.Sent.Skip(1).ShouldAllBe(sent => sent.Flow == LayerRig.Udp && sent.Text == Large);
        rig.SentAtMs().ShouldBe([0, 0, 500]);
        rig.Layer.Counters.FellBackToUdp.ShouldBe(1);
        rig.Log.Told.ShouldBeEmpty();
        rig.Receive(Wire.Response(Large, 486));
        rig.Log.Told.ShouldBe(["Response 486 42 to1"]);
    }

    [Fact]
    public void LargeRequest_ThatTcpRefusesAtOnce_GoesOverUdp()
    {
        var rig = new LayerRig { Log = { RefusesReliable = true } };
        rig.Start(Large);
        rig.Log.Sent.ShouldHaveSingleItem().Flow.ShouldBe(LayerRig.Udp);
        rig.LastSent.ShouldBe(Large);
    }

    [Fact]
    public void LargeRequest_WithTheBoundOff_StaysOnUdp()
    {
        var rig = new LayerRig(LayerRig.Small() with { UdpRequestBytesMax = 0 });
        rig.Start(Large);
        rig.Log.Sent.ShouldHaveSingleItem().Flow.ShouldBe(LayerRig.Udp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LargeAck_ToA2xx_GoesOverTcpOrElseOverUdp(bool refusesTcp)
    {
        var rig = new LayerRig { Log = { RefusesReliable = refusesTcp } };
        var invite = Wire.Request("INVITE");
        var tx = rig.Start(invite);
        rig.Receive(Wire.Response(invite, 200));
        var ack = LargeAck();
        rig.Layer.SendAck(tx, Wire.Bytes(ack)).ShouldBeTrue();
        rig.Receive(Wire.Response(invite, 200));

        var acks = rig.Log.Sent.Skip(1).ToList();
        acks.Count.ShouldBe(2, "the ACK, and again for the 2xx that came again");
        var kind = refusesTcp ? SipTransportKind.Udp : SipTransportKind.Tcp;
        acks.ShouldAllBe(sent => sent.Flow.Kind == kind && sent.Flow.Remote == LayerRig.Udp.Remote);
        acks[0].Text.ShouldBe(refusesTcp ? ack : ack.Replace("SIP/2.0/UDP", "SIP/2.0/TCP", StringComparison.Ordinal));
        acks[1].Text.ShouldContain(refusesTcp ? "Via: SIP/2.0/UDP " : "Via: SIP/2.0/TCP ");
        rig.Layer.Counters.SwitchedToTcp.ShouldBe(2);
        rig.Layer.Counters.FellBackToUdp.ShouldBe(refusesTcp ? 2 : 0);
    }

    [Fact]
    public void LargeAck_WhoseConnectionFailsLater_GoesOverUdpForTheNext2xx()
    {
        var rig = new LayerRig();
        var invite = Wire.Request("INVITE");
        var tx = rig.Start(invite);
        rig.Receive(Wire.Response(invite, 200));
        rig.Layer.SendAck(tx, Wire.Bytes(LargeAck()));
        rig.Layer.OnSendFailed(Wire.Bytes(rig.LastSent), rig.Clock.NowMs);
        // The transport remembers for a while that this peer has no TCP.
        rig.Log.RefusesReliable = true;
        rig.Receive(Wire.Response(invite, 200));
        rig.Log.Sent[^1].Flow.ShouldBe(LayerRig.Udp);
        rig.Log.Told.ShouldBe(["Response 200 42 to1"]);
    }

    [Fact]
    public void Request_WhoseConnectionFails_FailsItsTransaction()
    {
        var rig = new LayerRig();
        var request = Wire.Request("BYE");
        rig.Start(request, LayerRig.Tcp);
        rig.Layer.OnSendFailed(Wire.Bytes(rig.LastSent), rig.Clock.NowMs);
        rig.Advance(10);
        rig.Log.Told.ShouldBe(["Failure 42"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void SendFailure_OfWhatNobodyWaitsFor_ChangesNothing()
    {
        var rig = new LayerRig();
        rig.Start(Large);
        rig.Receive(Wire.Response(Large, 180));
        var sent = rig.Log.Sent.Count;
        rig.Layer.OnSendFailed(Wire.Bytes(rig.LastSent), rig.Clock.NowMs);
        rig.Layer.OnSendFailed(Wire.Bytes(Wire.Response(Large, 200)), rig.Clock.NowMs);
        rig.Layer.OnSendFailed("noise"u8, rig.Clock.NowMs);
        rig.Layer.OnSendFailed(default, rig.Clock.NowMs);
        rig.Advance(10);
        rig.Log.Sent.Count.ShouldBe(sent);
        rig.Log.Told.ShouldBe(["Response 180 42 to1"]);
    }

    private static string LargeAck() =>
        Wire.Request("ACK", "z9hG4bKack", "1 ACK", "to1", $"Subject: {new string('x', 1300)}\n")
            .ReplaceLineEndings("\r\n");
}
