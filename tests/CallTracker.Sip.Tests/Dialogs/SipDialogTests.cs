using CallTracker.Core.Net;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Dialogs;

public sealed class SipDialogTests
{
    private const string Routes = "Record-Route: <sip:192.0.2.11;lr>, <sip:192.0.2.12:5070;lr>\n";
    private static readonly IpEndpoint Here = IpEndpoint.FromIpv4(0xC000_0209, 5060);

    [Fact]
    public void Uas_FromAnInvite_TakesRoutesInOrderAndSendsBack()
    {
        var dialog = NewUas(Routes);
        dialog.State.ShouldBe(SipDialogState.Early);
        var bye = Write(dialog, SipMethod.Bye);

        Wire.Text(bye.RequestUri).ShouldBe("sip:caller@192.0.2.1:5060");
        Wire.Text(bye.Header(SipHeaderKind.Route)).ShouldBe("<sip:192.0.2.11;lr>");
        Wire.Text(bye.Header(SipHeaderKind.Route, 1)).ShouldBe("<sip:192.0.2.12:5070;lr>");
        Wire.Text(bye.From).ShouldBe("<sip:0120000111@192.0.2.9>;tag=mine");
        Wire.Text(bye.To).ShouldBe("\"Caller\" <sip:0312345678@192.0.2.1>;tag=from1");
        Wire.Text(bye.CallId).ShouldBe("call1@192.0.2.1");
        bye.CSeqNumber.ShouldBe(1u);
        dialog.TryGetNextHop(out var hop).ShouldBeTrue();
        hop.ToString().ShouldBe("192.0.2.11:5060");
        Write(dialog, SipMethod.Info).CSeqNumber.ShouldBe(2u);
    }

    [Fact]
    public void Uac_FromItsResponses_TakesRoutesReversedAndGetsConfirmed()
    {
        var dialog = NewUac(out var invite);
        invite.Count(SipHeaderKind.Route).ShouldBe(0);
        invite.ToTag.IsEmpty.ShouldBeTrue();
        dialog.TryGetNextHop(out var first).ShouldBeTrue();
        first.ToString().ShouldBe("192.0.2.30:5080");
        var text = Wire.Text(invite.Bytes);
        dialog.OnResponse(Wire.Parse(Wire.Response(text, 180))).ShouldBe(SipDialogResult.Ok);
        dialog.State.ShouldBe(SipDialogState.Early);
        var answer = Wire.Response(text, 200, extra: Routes + "Contact: <sip:shop@192.0.2.40:5090;x=1>\n");
        dialog.OnResponse(Wire.Parse(answer)).ShouldBe(SipDialogResult.Ok);

        dialog.State.ShouldBe(SipDialogState.Confirmed);
        var ack = WriteAck(dialog);
        ack.CSeqNumber.ShouldBe(invite.CSeqNumber);
        Wire.Text(ack.CSeqMethodText).ShouldBe("ACK");
        Wire.Text(ack.RequestUri).ShouldBe("sip:shop@192.0.2.40:5090;x=1");
        Wire.Text(ack.Header(SipHeaderKind.Route)).ShouldBe("<sip:192.0.2.12:5070;lr>");
        Wire.Text(ack.ToTag).ShouldBe("to1");
        dialog.TryGetNextHop(out var hop).ShouldBeTrue();
        hop.ToString().ShouldBe("192.0.2.12:5070");
        Write(dialog, SipMethod.Bye).CSeqNumber.ShouldBe(2u);
        WriteAck(dialog).CSeqNumber.ShouldBe(1u);
    }

    [Fact]
    public void StrictRouter_AsFirstRoute_StandsInTheRequestUri()
    {
        var dialog = NewUas("Record-Route: <sip:192.0.2.11>, <sip:192.0.2.12;lr>\n");
        var bye = Write(dialog, SipMethod.Bye);

        Wire.Text(bye.RequestUri).ShouldBe("sip:192.0.2.11");
        Wire.Text(bye.Header(SipHeaderKind.Route)).ShouldBe("<sip:192.0.2.12;lr>");
        Wire.Text(bye.Header(SipHeaderKind.Route, 1)).ShouldBe("<sip:caller@192.0.2.1:5060>");
        bye.Count(SipHeaderKind.Route).ShouldBe(2);
    }

    [Theory]
    [InlineData("mine", "call1", 2u, SipDialogCheck.Ok)]
    [InlineData("mine", "call1", 1u, SipDialogCheck.Ok)]
    [InlineData("mine", "call1", 0u, SipDialogCheck.OutOfOrder)]
    [InlineData("other", "call1", 2u, SipDialogCheck.NotThisDialog)]
    [InlineData("", "call1", 2u, SipDialogCheck.NotThisDialog)]
    [InlineData("mine", "call2", 2u, SipDialogCheck.NotThisDialog)]
    public void Request_InsideTheDialog_IsChecked(string toTag, string callId, uint cseq, SipDialogCheck expected)
    {
        var dialog = NewUas("");
        var text = Wire.Request("BYE", "z9hG4bKb", $"{cseq} BYE", toTag);
        dialog.CheckRequest(Wire.Parse(text.Replace("call1", callId, StringComparison.Ordinal))).ShouldBe(expected);
    }

    [Fact]
    public void RequestOrder_AfterAHigherNumber_RefusesTheLower()
    {
        var dialog = NewUas("");
        dialog.CheckRequest(Wire.Parse(Wire.Request("INFO", "z9hG4bKb", "9 INFO", "mine"))).ShouldBe(SipDialogCheck.Ok);
        dialog.CheckRequest(Wire.Parse(Wire.Request("ACK", "z9hG4bKc", "1 ACK", "mine"))).ShouldBe(SipDialogCheck.Ok);
        dialog.CheckRequest(Wire.Parse(Wire.Request("BYE", "z9hG4bKd", "8 BYE", "mine")))
            .ShouldBe(SipDialogCheck.OutOfOrder);
        dialog.RemoteCSeq.ShouldBe(9);
    }

    [Fact]
    public void Target_OfAReInviteOrItsAnswer_IsRefreshed()
    {
        var dialog = NewUas(Routes);
        dialog.ConfirmUas();
        var reInvite = Wire.Request("INVITE", "z9hG4bKr", "2 INVITE", "mine", "Contact: <sip:new@192.0.2.77>\n");
        dialog.RefreshTarget(Wire.Parse(reInvite)).ShouldBe(SipDialogResult.Ok);
        Wire.Text(dialog.RemoteTarget).ShouldBe("sip:new@192.0.2.77");
        var ours = Wire.Text(Write(dialog, SipMethod.Invite).Bytes);
        var answer = Wire.Response(ours, 200, extra: "Contact: <sip:newer@192.0.2.78>\n");
        dialog.OnResponse(Wire.Parse(answer)).ShouldBe(SipDialogResult.Ok);
        Wire.Text(dialog.RemoteTarget).ShouldBe("sip:newer@192.0.2.78");
        dialog.RouteCount.ShouldBe(2);
        Wire.Text(dialog.RouteAt(1)).ShouldBe("<sip:192.0.2.12:5070;lr>");
    }

    [Fact]
    public void Fork_ThatAnswersFirst_TakesTheDialogAndALaterOneDoesNot()
    {
        var dialog = NewUac(out var invite);
        var text = Wire.Text(invite.Bytes);
        const string Contact = "Contact: <sip:shop@192.0.2.40>\n";
        dialog.OnResponse(Wire.Parse(Wire.Response(text, 180, "one", Contact)));
        dialog.OnResponse(Wire.Parse(Wire.Response(text, 180, "two", Contact))).ShouldBe(SipDialogResult.OtherDialog);
        dialog.OnResponse(Wire.Parse(Wire.Response(text, 200, "two", Contact))).ShouldBe(SipDialogResult.Ok);
        Wire.Text(dialog.RemoteTag).ShouldBe("two");
        dialog.OnResponse(Wire.Parse(Wire.Response(text, 200, "one", Contact))).ShouldBe(SipDialogResult.OtherDialog);
        Wire.Text(dialog.RemoteTag).ShouldBe("two");
    }

    [Theory]
    [InlineData("", SipDialogResult.BadContact)]
    [InlineData("Contact: *\n", SipDialogResult.BadContact)]
    [InlineData("Contact: <nonsense>\n", SipDialogResult.BadContact)]
    [InlineData("Contact: <sip:a@b>\nRecord-Route: nonsense\n", SipDialogResult.BadRoute)]
    public void Invite_WithoutUsableContactOrRoute_IsRefused(string extra, SipDialogResult expected)
    {
        var dialog = new SipDialog();
        dialog.InitUas(Wire.Parse(Wire.Request("INVITE", extra: extra)), "mine"u8).ShouldBe(expected);
    }

    [Fact]
    public void Storage_OfAnyRouteSet_IsBoundedAndNeverThrows()
    {
        var dialog = new SipDialog();
        var seen = new HashSet<SipDialogResult>();
        for (var count = 0; count < 120; count += 3)
        {
            var routes = string.Concat(Enumerable.Repeat("Record-Route: <sip:proxy.example.com;lr>\n", count));
            seen.Add(dialog.InitUas(Wire.Parse(Wire.Invite().Replace("Content", routes + "Content",
                StringComparison.Ordinal)), "mine"u8));
        }
        seen.ShouldBe([SipDialogResult.Ok, SipDialogResult.TooLong], ignoreOrder: true);
    }

    [Fact]
    public void Reset_AfterACall_ForgetsEverything()
    {
        var dialog = NewUas(Routes);
        dialog.Reset();
        dialog.State.ShouldBe(SipDialogState.None);
        dialog.CallId.IsEmpty.ShouldBeTrue();
        dialog.RouteCount.ShouldBe(0);
        dialog.RemoteCSeq.ShouldBe(-1);
        dialog.TryGetNextHop(out _).ShouldBeFalse();
    }

    private static SipDialog NewUas(string extra)
    {
        var dialog = new SipDialog();
        var invite = Wire.Invite().Replace("Content-Length", extra + "Content-Length", StringComparison.Ordinal);
        dialog.InitUas(Wire.Parse(invite), "mine"u8).ShouldBe(SipDialogResult.Ok);
        return dialog;
    }

    private static SipDialog NewUac(out SipMessage invite)
    {
        var dialog = new SipDialog();
        dialog.InitUac("our-call"u8, "our-tag"u8, "<sip:050@192.0.2.9>"u8, "<sip:03@192.0.2.30>"u8,
            "sip:03@192.0.2.30:5080"u8).ShouldBe(SipDialogResult.Ok);
        invite = Write(dialog, SipMethod.Invite);
        return dialog;
    }

    private static SipMessage Write(SipDialog dialog, SipMethod method)
    {
        var writer = new SipWriter(new byte[4096]);
        dialog.WriteRequest(ref writer, method, SipTransportKind.Udp, Here, "z9hG4bKnew"u8);
        writer.NoBody();
        return Wire.Parse(Wire.Text(writer.Written));
    }

    private static SipMessage WriteAck(SipDialog dialog)
    {
        var writer = new SipWriter(new byte[4096]);
        dialog.WriteAck(ref writer, SipTransportKind.Udp, Here, "z9hG4bKack"u8);
        writer.NoBody();
        return Wire.Parse(Wire.Text(writer.Written));
    }
}
