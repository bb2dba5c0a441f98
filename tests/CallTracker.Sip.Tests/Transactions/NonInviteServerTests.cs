using CallTracker.Sip.Tests.Support;

namespace CallTracker.Sip.Tests.Transactions;

public sealed class NonInviteServerTests
{
    private static readonly string Bye = Wire.Request("BYE", toTag: "mine");

    [Fact]
    public void Request_RepeatedBeforeAResponse_IsAbsorbed()
    {
        var rig = new LayerRig();
        rig.Receive(Bye);
        rig.Receive(Bye);
        rig.Log.Told.ShouldBe(["Request BYE"]);
        rig.Log.Sent.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(200, "mine")]
    [InlineData(481, "")]
    public void Request_RepeatedAfterTheFinalResponse_GetsTheSameBytesAgain(int code, string toTag)
    {
        var rig = new LayerRig();
        var request = Wire.Request("BYE", toTag: toTag);
        rig.Receive(request);
        var text = Wire.Text(FinalWithBody(request, code));
        rig.Layer.Respond(rig.LastHandle, Wire.Bytes(text), rig.Clock.NowMs).ShouldBeTrue();
        rig.Layer.Counters.Active.ShouldBe(0);
        rig.Advance(31_900);
        rig.Receive(request);

        rig.Log.Told.ShouldBe(["Request BYE"]);
        rig.Log.Sent.Count.ShouldBe(2);
        rig.Log.Sent[1].Text.ShouldBe(rig.Log.Sent[0].Text);
        rig.Layer.Counters.RetransmitsOut.ShouldBe(1);
        rig.Advance(200);
        rig.ShouldBeEmpty();
        rig.Receive(request);
        rig.Log.Told.Count.ShouldBe(2);
    }

    [Fact]
    public void Request_RepeatedAfterAProvisional_GetsItAgain()
    {
        var rig = new LayerRig();
        rig.Receive(Bye);
        rig.Respond(rig.LastHandle, Bye, 100);
        rig.Receive(Bye);
        rig.SentLines.ShouldBe(["SIP/2.0 100 Trying", "SIP/2.0 100 Trying"]);
        rig.Respond(rig.LastHandle, Bye, 200).ShouldBeTrue();
        rig.Respond(rig.LastHandle, Bye, 500).ShouldBeFalse();
    }

    [Fact]
    public void Final_OverAReliableTransport_LeavesNothing()
    {
        var rig = new LayerRig();
        rig.Receive(Bye, LayerRig.Tcp);
        rig.Respond(rig.LastHandle, Bye, 200);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Request_NeverAnswered_IsGivenUpAfter64T1()
    {
        var rig = new LayerRig();
        rig.Receive(Bye);
        rig.Advance(32_010);
        rig.Log.Told.ShouldBe(["Request BYE", "Timeout NotAnswered 0"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Transport_ThatFailsOnTheFinalResponse_IsTold()
    {
        var rig = new LayerRig();
        rig.Receive(Bye);
        rig.Log.IsBroken = true;
        rig.Respond(rig.LastHandle, Bye, 200).ShouldBeTrue();
        rig.Layer.Advance(rig.Clock.NowMs);
        rig.Log.Told.ShouldBe(["Request BYE", "Failure 0"]);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Malformed_Answerable_Gets400WithTheSameTagEachTime()
    {
        var rig = new LayerRig();
        var bad = Bye.Replace("Max-Forwards: 70", "Max-Forwards: x", StringComparison.Ordinal)
            .Replace(";tag=mine", "", StringComparison.Ordinal);
        rig.Receive(bad);
        rig.Receive(bad);

        rig.Log.Told.ShouldBeEmpty();
        rig.SentLines.ShouldBe(["SIP/2.0 400 Bad Request", "SIP/2.0 400 Bad Request"]);
        rig.Log.Sent[0].Text.ShouldBe(rig.Log.Sent[1].Text);
        Wire.Parse(rig.LastSent).ToTag.IsEmpty.ShouldBeFalse();
        rig.Layer.Counters.Malformed.ShouldBe(2);
        rig.ShouldBeEmpty();
    }

    [Fact]
    public void Malformed_OtherVersion_Gets505()
    {
        var rig = new LayerRig();
        rig.Receive(Bye.Replace("192.0.2.9 SIP/2.0", "192.0.2.9 SIP/3.0", StringComparison.Ordinal));
        rig.SentLines.ShouldBe(["SIP/2.0 505 Version Not Supported"]);
    }

    [Theory]
    [InlineData("garbage\n\n")]
    [InlineData("SIP/2.0 200 OK\n\n")]
    [InlineData("ACK sip:a@b SIP/2.0\n\n")]
    public void Malformed_NotAnswerable_IsCountedAndDropped(string text)
    {
        var rig = new LayerRig();
        rig.Receive(text);
        rig.Log.Sent.ShouldBeEmpty();
        rig.Log.Told.ShouldBeEmpty();
        rig.Layer.Counters.Malformed.ShouldBe(1);
    }

    private static byte[] FinalWithBody(string request, int code)
    {
        var writer = new CallTracker.Sip.Writing.SipWriter(new byte[2048]);
        CallTracker.Sip.Writing.SipResponses.WriteResponse(
            ref writer, Wire.Parse(request), code, "Own Words"u8, "mine"u8, LayerRig.Udp.Remote);
        writer.Header("X-Own"u8, "kept"u8);
        writer.Body("text/plain"u8, "From: not a header\r\n"u8);
        return writer.Written.ToArray();
    }
}
