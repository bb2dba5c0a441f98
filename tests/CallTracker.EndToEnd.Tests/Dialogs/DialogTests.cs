using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Dialogs;

/// <summary>
/// What carriers do inside and before a dialog: PRACK, UPDATE, session timers, forks, redirections, REFER and Reason.
/// The node's session timers are short here (CALLTRACKER_SESSION_SEC).
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class DialogTests(Product product)
{
    [Fact]
    public async Task Progress_ReliableOnBothLegs_IsAcknowledgedOnEach()
    {
        var line = await product.NewLineAsync(reliable: "supported");
        await line.CallAsync(
            """
            send INVITE +Supported: 100rel
            recv 100?
            recv 183 /Require: 100rel/
            send PRACK
            recv 200 /PRACK/
            recv 200 /INVITE/
            send ACK
            pause 200
            send BYE
            recv 200
            """,
            """
            recv INVITE /Supported: 100rel/
            answer 183 Session Progress sdp +Require: 100rel +RSeq: 5
            recv PRACK /RAck: 5 1 INVITE/
            answer 200 OK
            pause 100
            answer INVITE 200 OK
            recv ACK
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Progress_ReliableToTheCallerAlone_HoldsTheAnswerBackUntilItsPrack()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE +Supported: 100rel
            recv 100?
            recv 183 /RSeq/
            pause 300
            send PRACK
            recv 183?
            recv 200 /PRACK/
            recv 200 /INVITE/
            send ACK
            pause 200
            send BYE
            recv 200
            """,
            """
            recv INVITE
            answer 183 Session Progress sdp
            answer 200 OK sdp
            recv ACK
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Update_WithAndWithoutOffer_IsCarriedAndAnswered()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200 /UPDATE/
            send ACK
            pause 200
            send UPDATE sendonly
            recv 200 /a=recvonly/
            send UPDATE
            recv 200
            pause 100
            send BYE
            recv 200
            """,
            """
            recv INVITE
            answer 200 OK sdp +Allow: INVITE, ACK, BYE, UPDATE
            recv ACK
            recv UPDATE /a=sendonly/
            answer 200 OK sdp recvonly
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Session_WeRefresh_GoesOnWithUnchangedSdp()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE +Supported: timer +Session-Expires: 6;refresher=uas
            recv 100?
            recv 180?
            recv 200 /Session-Expires: 6;refresher=uas/
            send ACK
            recv INVITE /Session-Expires: 6;refresher=uac/
            answer 200 OK sdp +Session-Expires: 6;refresher=uac
            recv ACK
            pause 2500
            send BYE
            recv 200
            """, Scripts.Answer);

        var row = await line.RowAsync();
        row.TalkingSec.ShouldBeGreaterThanOrEqualTo(5);
        row.HupUsr.ShouldBe("caller");
    }

    [Fact]
    public async Task Session_RefresherDies_BothSidesAreEndedWithAReason()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            recv BYE /Reason: SIP;cause=408/
            answer 200 OK
            """,
            """
            recv INVITE /Session-Expires: 6/
            answer 200 OK sdp +Require: timer +Session-Expires: 6;refresher=uas
            recv ACK
            recv BYE /Reason: SIP;cause=408/
            answer 200 OK
            """);

        var row = await line.RowAsync();
        row.EndReason.ShouldBe("session_expired");
        row.HupUsr.ShouldBe("system");
    }

    [Fact]
    public async Task Session_TooShortForTheShop_IsAskedAgainWithItsMinimum()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk,
            """
            recv INVITE
            answer 422 Session Interval Too Small +Min-SE: 1200
            recv ACK
            recv INVITE /Session-Expires: 1200/
            answer 200 OK sdp +Session-Expires: 1200;refresher=uac
            recv ACK
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).AttemptSipCodes.ShouldBe([200]);
    }

    [Fact]
    public async Task Answer_OfASecondFork_IsAcknowledgedAndEnded()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            pause 800
            send BYE
            recv 200
            """,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK /tag=shop/
            answer INVITE 200 OK sdp fork
            recv ACK /tag=fork/
            recv BYE /tag=fork/
            answer 200 OK
            recv BYE /tag=shop/
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Redirect_WhereTheTrunkFollows_IsDialled()
    {
        var line = await product.NewLineAsync(redirect: "follow");
        var elsewhere = "0398" + line.DinId[^6..];
        var port = product.NextPeerPort();
        await product.AddTrunkAsync(elsewhere, port);
        await product.ChangeSeenAsync();
        var second = await Sipp.SippRun.StartShopAsync(product, Scripts.Answer, port, callCount: 1);
        await line.CallAsync(Scripts.ShortTalk,
            $"""
            recv INVITE
            answer 302 Moved Temporarily +Contact: <sip:{elsewhere}@shop.example>
            recv ACK
            """);
        await second.SucceedAsync();

        var row = await line.RowAsync();
        row.FwdId.ShouldBe(elsewhere);
        row.AttemptSipCodes.ShouldBe([302, 200]);
    }

    [Fact]
    public async Task Refer_WhereTheTrunkExecutes_ConnectsTheCallerWithTheTarget()
    {
        var line = await product.NewLineAsync(refer: "execute");
        var elsewhere = "0397" + line.DinId[^6..];
        var port = product.NextPeerPort();
        await product.AddTrunkAsync(elsewhere, port);
        await product.ChangeSeenAsync();
        var target = await Sipp.SippRun.StartShopAsync(product, Scripts.Answer, port, callCount: 1);
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            recv INVITE
            answer 200 OK sdp
            recv ACK
            pause 300
            send BYE
            recv 200
            """,
            $"""
            recv INVITE
            answer 200 OK sdp
            recv ACK
            pause 200
            send REFER +Refer-To: <sip:{elsewhere}@shop.example>
            recv 202
            recv NOTIFY /SIP.2.0 100 Trying/
            answer 200 OK
            recv NOTIFY /SIP.2.0 200 OK/
            answer 200 OK
            recv BYE
            answer 200 OK
            """);
        await target.SucceedAsync();

        var row = await line.RowAsync();
        (row.DialStat, row.HupUsr, row.FwdId).ShouldBe(("normal", "caller", elsewhere));
        row.AttemptSipCodes.ShouldBe([200, 200]);
    }

    [Fact]
    public async Task Refer_IsDeclined_AndAReasonGoesAcross()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            send REFER +Refer-To: <sip:0311112222@shop.example>
            recv 603
            pause 200
            send BYE +Reason: Q.850;cause=16
            recv 200
            """,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            recv BYE /Reason: Q.850;cause=16/
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }
}
