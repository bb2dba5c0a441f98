using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>
/// Session timers (RFC 4028): each leg has its own, and the call lives as long as both are kept alive.
/// </summary>
public sealed class SessionTimerTests
{
    private const string Update = "Allow: INVITE, ACK, BYE, UPDATE\r\n";
    private const string Timer = "Supported: timer\r\n";

    [Fact]
    public void Call_OfTwentyMinutes_IsKeptAliveByBothRefreshersOnTheirOwnLegs()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 600);
        // The caller refreshes its leg, we refresh the shop's.
        var (invite, ok) = Connect(
            node, Timer + Update + "Session-Expires: 600;refresher=uac\r\n",
            Update + "Session-Expires: 300;refresher=uac\r\n");
        ok.Header("Session-Expires").ShouldBe("600;refresher=uac");
        ok.Header("Require").ShouldBe("timer");
        invite.Header("Session-Expires").ShouldBe("600");
        invite.Header("Min-SE").ShouldBe("90");
        var refreshes = 0;
        for (var second = 0; second < 1200; second += 10)
        {
            if (second % 250 == 0 && second > 0) RefreshByCaller(node, ok, second);
            node.Pass(10_000);
            node.TakeNew(Harness.Carrier).ShouldBeEmpty();
            foreach (var sent in node.TakeNew(Harness.Shop))
            {
                (sent.Method, sent.Body).ShouldBe(("UPDATE", ""));
                sent.Header("Session-Expires").ShouldBe("300;refresher=uac");
                node.Deliver(
                    Peer.Answer(sent, 200, headers: "Session-Expires: 300;refresher=uac\r\n"), Harness.Shop);
                refreshes++;
            }
        }
        refreshes.ShouldBeInRange(7, 8);
        node.Engine.ActiveCalls.ShouldBe(1);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2000, "bye"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Peers_WithoutTimers_HaveNone()
    {
        using var node = new Harness(media: Harness.PatientMedia);
        var (_, ok) = node.Connect();
        ok.Header("Session-Expires").ShouldBe("");
        node.Pass(3_600_000);
        node.TakeNew(Harness.Carrier).Concat(node.TakeNew(Harness.Shop)).ShouldBeEmpty();
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Refresher_Dies_BothLegsGetByeWithAReason(bool caller)
    {
        using var node = new Harness(media: Harness.PatientMedia);
        var invite = caller ? Timer + "Session-Expires: 120;refresher=uac\r\n" : "";
        Connect(node, invite, caller ? "" : "Require: timer\r\nSession-Expires: 120;refresher=uas\r\n");
        node.Pass(87_000);
        node.Engine.ActiveCalls.ShouldBe(1);
        // 32 s before the end, or a third of the interval where that is less (RFC 4028 section 10).
        node.Pass(2_000);
        foreach (var peer in new[] { Harness.Carrier, Harness.Shop })
        {
            var bye = node.TakeNew(peer).ShouldHaveSingleItem();
            bye.Method.ShouldBe("BYE");
            bye.Header("Reason").ShouldBe(
                "SIP;cause=408;text=\"Request Timeout\", Q.850;cause=102;text=\"Recovery on timer expiry\"");
        }
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.EndedBy).ShouldBe((EndReason.SessionExpired, CallParty.System));
        node.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("600;refresher=uac", true, "600;refresher=uac")]
    [InlineData("600;refresher=uas", true, "600;refresher=uas")]
    [InlineData("600", true, "600;refresher=uac")]
    [InlineData("600", false, "600;refresher=uas")]
    [InlineData("7200", true, "1800;refresher=uac")]
    [InlineData("30", false, "")]
    [InlineData("", true, "1800;refresher=uac")]
    [InlineData("junk", false, "")]
    public void Caller_AsksForATimer_TheElectionFollowsTheRfc(string asked, bool supports, string expected)
    {
        using var node = new Harness(media: Harness.PatientMedia);
        var headers = (supports ? Timer : "") + (asked.Length > 0 ? $"Session-Expires: {asked}\r\n" : "");
        var (_, ok) = Connect(node, headers, "");
        ok.Header("Session-Expires").ShouldBe(expected);
        ok.Header("Require").ShouldBe(expected.EndsWith("uac", StringComparison.Ordinal) ? "timer" : "");
    }

    [Fact]
    public void Caller_AsksForTooShort_Is422WithOurMinimumAndThenTaken()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(minSec: 120);
        node.Deliver(Peer.Invite(headers: Timer + "Session-Expires: 90\r\n"), Harness.Carrier);
        var refusal = node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (refusal.Code, refusal.Header("Min-SE")).ShouldBe((422, "120"));
        node.Journal.Entries.ShouldBeEmpty();
        var again = Peer.Invite(headers: Timer + "Session-Expires: 120\r\nMin-SE: 120\r\n", branch: "z9hG4bKinv2");
        var invite = node.Dial(again);
        node.Answer(invite).Ok.Header("Session-Expires").ShouldBe("120;refresher=uac");
    }

    [Fact]
    public void Caller_MinSeAboveOurInterval_RaisesIt()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 300);
        var (_, ok) = Connect(node, Timer + "Session-Expires: 1200\r\nMin-SE: 900\r\n", "");
        ok.Header("Session-Expires").ShouldBe("900;refresher=uac");
    }

    [Fact]
    public void Shop_WantsLonger_TheInviteGoesAgainWithItsMinimum()
    {
        using var node = new Harness(media: Harness.PatientMedia);
        var first = node.Dial();
        node.Deliver(Peer.Answer(first, 422, headers: "Min-SE: 2400\r\n"), Harness.Shop);
        var sent = node.TakeNew(Harness.Shop);
        sent.Select(m => m.Method).ShouldBe(["ACK", "INVITE"]);
        var second = sent[1];
        (second.Header("CSeq"), second.Header("Session-Expires"), second.Header("Min-SE"))
            .ShouldBe(("2 INVITE", "2400", "2400"));
        second.Header("Call-ID").ShouldBe(first.Header("Call-ID"));
        second.Header("From").ShouldBe(first.Header("From"));
        second.Header("To").ShouldNotContain("tag=");
        second.Body.ShouldBe(first.Body);
        node.TakeNew(Harness.Carrier).ShouldBeEmpty();
        var (ok, ack) = node.Answer(second);
        ack.Header("CSeq").ShouldBe("2 ACK");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        node.Journal.Ends.ShouldHaveSingleItem().Attempts.ShouldBe(["0312345678:200:shop"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Min-SE: 90\r\n")]
    public void Shop_Refuses422WithoutALongerMinimum_TheAttemptHasFailed(string headers)
    {
        using var node = new Harness(media: Harness.PatientMedia);
        var first = node.Dial();
        // The one who asks again for what it has is not asked for ever.
        node.Deliver(Peer.Answer(first, 422, headers: headers), Harness.Shop);
        for (var i = 0; i < 5 && node.TakeNew(Harness.Shop).Find(m => m.Method == "INVITE") is { } next; i++)
            node.Deliver(Peer.Answer(next, 422, headers: headers), Harness.Shop);
        node.TakeNew(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(500);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Refresh_ToAShopWithoutUpdate_IsAReinviteWithUnchangedSdp()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120);
        var (invite, _) = Connect(node, "", "Session-Expires: 120;refresher=uac\r\n");
        node.Pass(60_100);
        var refresh = node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        (refresh.Method, refresh.Header("Session-Expires")).ShouldBe(("INVITE", "120;refresher=uac"));
        refresh.Body.ShouldBe(invite.Body, "the same version of o=, so that nothing is renegotiated");
        node.Deliver(
            Peer.Answer(refresh, 200, Peer.Sdp(42000), headers: "Session-Expires: 120;refresher=uac\r\n"),
            Harness.Shop);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.TakeNew(Harness.Carrier).ShouldBeEmpty();
        node.Pass(60_100);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("INVITE");
    }

    [Fact]
    public void Refresh_ToAShopWithFewerCodecs_RepeatsWhatItWasOffered()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120, shopCodecs: ["pcmu"]);
        var offer = Peer.Sdp(40000).Replace("AVP 0 101", "AVP 0 8 101", StringComparison.Ordinal);
        var invite = node.Dial(Peer.Invite(body: offer));
        invite.Body.ShouldNotContain("AVP 0 8");
        node.Deliver(
            Peer.Answer(invite, 200, Peer.Sdp(42000), headers: "Session-Expires: 120;refresher=uac\r\n"), Harness.Shop);
        node.TakeNew(Harness.Shop);
        var ok = node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.Pass(60_100);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Body.ShouldBe(invite.Body);
    }

    [Fact]
    public void Refresh_ToACallerWithoutUpdate_RepeatsTheAnswerItHas()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120);
        var (_, ok) = Connect(node, "Session-Expires: 120\r\n", "");
        node.Pass(60_100);
        var refresh = node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        refresh.Body.ShouldBe(ok.Body);
        node.Engine.EndAll(node.Now);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Refresh_After491_IsTriedAgainAfterTheOwnersWait()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120);
        Connect(node, "", "Session-Expires: 120;refresher=uac\r\n");
        node.Pass(60_100);
        node.Deliver(Peer.Answer(node.TakeNew(Harness.Shop).ShouldHaveSingleItem(), 491), Harness.Shop);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        // We made the Call-ID: 2.1 to 4 s (RFC 3261 section 14.1).
        node.Pass(2_050);
        node.TakeNew(Harness.Shop).ShouldBeEmpty();
        node.Pass(2_100);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("INVITE");
    }

    [Fact]
    public void Refresh_WhileAnOfferIsUnderWay_Waits()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120);
        var (_, ok) = Connect(node, "", "Session-Expires: 120;refresher=uac\r\n");
        node.Pass(59_000);
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40002)), Harness.Carrier);
        var carried = node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 100), Harness.Shop);
        node.Pass(1_500);
        node.TakeNew(Harness.Shop).ShouldBeEmpty();
        node.Deliver(
            Peer.Answer(carried, 200, Peer.Sdp(42000), headers: "Session-Expires: 120;refresher=uac\r\n"),
            Harness.Shop);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.Deliver(Peer.FromCaller(ok, "ACK", 2, "ack2"), Harness.Carrier);
        node.Pass(59_000);
        node.TakeNew(Harness.Shop).ShouldBeEmpty("the re-INVITE was a refresh itself");
    }

    [Theory]
    [InlineData(481)]
    [InlineData(408)]
    [InlineData(0)]
    public void Refresh_ToAPeerThatHasGone_EndsTheCall(int code)
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 600);
        Connect(node, "", Update + "Session-Expires: 600;refresher=uac\r\n");
        node.Pass(300_100);
        var refresh = node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        if (code != 0) node.Deliver(Peer.Answer(refresh, code), Harness.Shop);
        else node.Pass(33_000);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.SessionExpired);
        node.TakeNew(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("BYE");
    }

    [Fact]
    public void Refresh_RefusedForATime_IsTriedAgainUntilTheSessionEnds()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120);
        Connect(node, "", Update + "Session-Expires: 120;refresher=uac\r\n");
        var refreshes = 0;
        for (var i = 0; i < 100 && node.Engine.ActiveCalls > 0; i++)
        {
            node.Pass(1_000);
            foreach (var sent in node.TakeNew(Harness.Shop).Where(m => m.Method == "UPDATE"))
            {
                refreshes++;
                node.Deliver(Peer.Answer(sent, 500, headers: "Retry-After: 7 (soon)\r\n"), Harness.Shop);
            }
        }
        refreshes.ShouldBe(4);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.SessionExpired);
    }

    [Fact]
    public void Refresh_RefusedWith422_IsSentAgainWithTheLongerInterval()
    {
        using var node = new Harness(media: Harness.PatientMedia).UseTrunks(expiresSec: 120);
        Connect(node, "", Update + "Session-Expires: 120;refresher=uac\r\n");
        node.Pass(60_100);
        var first = node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(first, 422, headers: "Min-SE: 240\r\n"), Harness.Shop);
        var second = node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        (second.Header("Session-Expires"), second.Header("Min-SE")).ShouldBe(("240;refresher=uac", "240"));
    }

    [Fact]
    public void Update_AskingForTooShort_Is422()
    {
        using var node = new Harness(media: Harness.PatientMedia);
        var (_, ok) = Connect(node, Timer + "Session-Expires: 600\r\n", "");
        var update = Peer.FromCaller(ok, "UPDATE", 2, "u", headers: Timer + "Session-Expires: 20\r\n");
        node.Deliver(update, Harness.Carrier);
        var refusal = node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (refusal.Code, refusal.Header("Min-SE")).ShouldBe((422, "90"));
    }

    private static void RefreshByCaller(Harness node, SentMessage ok, int second)
    {
        var headers = Timer + "Session-Expires: 600;refresher=uac\r\n";
        node.Deliver(Peer.FromCaller(ok, "UPDATE", second, $"r{second}", headers: headers), Harness.Carrier);
        var answer = node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (answer.Code, answer.Header("Session-Expires")).ShouldBe((200, "600;refresher=uac"));
    }

    private static (SentMessage ShopInvite, SentMessage Ok) Connect(
        Harness node, string inviteHeaders, string answerHeaders)
    {
        var invite = node.Dial(Peer.Invite(headers: inviteHeaders));
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), headers: answerHeaders), Harness.Shop);
        node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var ok = node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        return (invite, ok);
    }
}
