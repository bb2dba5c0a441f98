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
}
