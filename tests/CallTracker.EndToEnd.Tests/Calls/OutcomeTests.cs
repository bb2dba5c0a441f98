using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Calls;

/// <summary>How a call can end, each with its row: SIPp on both sides of the running product.</summary>
[Collection(ProductCollection.Name)]
public sealed class OutcomeTests(Product product)
{
    [Fact]
    public async Task Call_Answered_IsNormalValidAndRelayed()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.Talk, Scripts.Answer);

        var row = await line.RowAsync();
        row.DialStat.ShouldBe("normal");
        row.HupUsr.ShouldBe("caller");
        row.SipCode.ShouldBe(200);
        row.FwdId.ShouldBe(line.Destinations[0]);
        row.TalkingSec.ShouldBeInRange(1, 2);
        row.ConnSec.ShouldBeGreaterThanOrEqualTo(row.TalkingSec);
        row.ClrType.ShouldBe("fixed");
        row.FwdType.ShouldBe("fixed");
        // 20 ms packets for two seconds, and the shop's echo of each.
        row.InRelayed.ShouldBeInRange(85, 110);
        row.OutRelayed.ShouldBeInRange(85, 110);
        row.LateMs.ShouldBeLessThan(2000);
        (await line.VerdictAsync(row.TrnId)).ShouldBe("有効");
    }

    [Fact]
    public async Task Caller_CallingAgain_IsADuplicate()
    {
        var line = await product.NewLineAsync();
        var shop = await line.StartShopAsync(Scripts.Answer, callCount: 2);
        var options = new SippCallerOptions { Number = Line.NewCaller() };
        var talk = Scripts.ShortTalk.Replace("pause 300", "pause 1100", StringComparison.Ordinal);
        await line.StartCaller(talk, options).SucceedAsync();
        await line.StartCaller(talk, options).SucceedAsync();
        await shop.SucceedAsync();

        var rows = await line.RowsAsync(2);
        (await line.VerdictAsync(rows[0].TrnId)).ShouldBe("有効");
        (await line.VerdictAsync(rows[1].TrnId)).ShouldBe("無効(重複)");
        rows[1].SeqNum.ShouldBe(rows[0].SeqNum + 1);
    }

    [Fact]
    public async Task Call_UnderOneSecond_IsTooShort()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);

        var row = await line.RowAsync();
        row.TalkingSec.ShouldBe(0);
        (await line.VerdictAsync(row.TrnId)).ShouldBe("無効(未満)");
    }

    [Fact]
    public async Task Shop_Busy_IsBusy()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.Refused(486), Scripts.Busy);

        var row = await line.RowAsync();
        row.DialStat.ShouldBe("busy");
        row.SipCode.ShouldBe(486);
        row.AttemptSipCodes.ShouldBe([486]);
        row.TalkingSec.ShouldBe(0);
    }

    [Fact]
    public async Task Shop_RingingTooLong_IsCancelledAndNotAnswered()
    {
        var line = await product.NewLineAsync(ringSec: 2);
        await line.CallAsync(Scripts.Refused(480), Scripts.RingForever);

        var row = await line.RowAsync();
        row.DialStat.ShouldBe("no_answer");
        row.HupUsr.ShouldBe("system");
        row.CallingSec.ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task Caller_GivingUp_CancelsTheShop()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180
            pause 500
            send CANCEL
            recv 200
            recv 487
            send ACK refusal
            """, Scripts.RingForever);

        var row = await line.RowAsync();
        row.DialStat.ShouldBe("incomplete");
        row.HupUsr.ShouldBe("caller");
        row.SipCode.ShouldBe(487);
    }

    [Fact]
    public async Task Shop_HangingUpFirst_IsTheCalleesEnd()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            recv BYE
            answer 200 OK
            """,
            """
            recv INVITE
            answer 180 Ringing
            answer 200 OK sdp
            recv ACK
            pause 300
            send BYE
            recv 200
            """);

        (await line.RowAsync()).HupUsr.ShouldBe("callee");
    }

    [Fact]
    public async Task FirstShop_Busy_SecondAnswers()
    {
        var line = await product.NewLineAsync(shopCount: 2);
        await line.CallAsync(Scripts.ShortTalk, Scripts.Busy, Scripts.Answer);

        var row = await line.RowAsync();
        row.DialStat.ShouldBe("normal");
        row.FwdId.ShouldBe(line.Destinations[1]);
        row.AttemptSipCodes.ShouldBe([486, 200]);
    }

    [Fact]
    public async Task FirstShop_Silent_SecondAnswers()
    {
        var line = await product.NewLineAsync(shopCount: 2, ringSec: 1);
        await line.CallAsync(Scripts.ShortTalk, Scripts.RingForever, Scripts.Answer);

        (await line.RowAsync()).FwdId.ShouldBe(line.Destinations[1]);
    }

    [Fact]
    public async Task Shop_Redirecting_IsNotFollowedOutside()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 480?
            recv 503?
            recv 500
            send ACK refusal
            """.Replace("recv 480?\nrecv 503?\nrecv 500", "recv 480", StringComparison.Ordinal),
            """
            recv INVITE
            answer 302 Moved Temporarily
            recv ACK
            """);

        var row = await line.RowAsync();
        row.DialStat.ShouldNotBe("normal");
        row.AttemptSipCodes.ShouldBe([302]);
    }
}
