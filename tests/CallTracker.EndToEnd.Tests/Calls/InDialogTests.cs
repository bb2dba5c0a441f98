using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Calls;

/// <summary>
/// What happens while a call is up: hold, resume, OPTIONS, INFO, and messages that come twice or never.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class InDialogTests(Product product)
{
    [Fact]
    public async Task Caller_HoldingAndResuming_ReachesTheShop()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            pause 300
            send INVITE sendonly
            recv 100?
            recv 200 /a=recvonly/
            send ACK
            pause 200
            send INVITE sendrecv
            recv 100?
            recv 200 /a=sendrecv/
            send ACK
            pause 200
            send BYE
            recv 200
            """,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            recv INVITE /a=sendonly/
            answer 200 OK sdp recvonly
            recv ACK
            recv INVITE /a=sendrecv/
            answer 200 OK sdp sendrecv
            recv ACK
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Shop_Holding_ReachesTheCaller()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            recv INVITE /a=sendonly/
            answer 200 OK sdp recvonly
            recv ACK
            recv BYE
            answer 200 OK
            """,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            pause 300
            send INVITE sendonly
            recv 100?
            recv 200 /a=recvonly/
            send ACK
            pause 300
            send BYE
            recv 200
            """);

        (await line.RowAsync()).HupUsr.ShouldBe("callee");
    }

    [Fact]
    public async Task OptionsAndInfo_InsideACall_AreAnswered()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            send OPTIONS
            recv 200
            send INFO
            recv 200
            pause 200
            send BYE
            recv 200
            """,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            recv INFO /Signal=5/
            answer 200 OK
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Invite_SentTwice_IsOneCall()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100
            resend INVITE
            recv 100?
            recv 180?
            recv 200
            send ACK
            pause 300
            send BYE
            recv 200
            """, Scripts.Answer);

        (await line.RowAsync()).DialStat.ShouldBe("normal");
    }

    [Fact]
    public async Task Bye_NeverAnswered_IsTheEndAllTheSame()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            recv BYE
            """);

        (await line.RowAsync()).HupUsr.ShouldBe("caller");
    }

    // The 200 is sent again until 64 times T1 (RFC 3261 section 13.3.1.4), then the call is given up: 32 s.
    [Fact]
    public async Task Answer_WithoutAck_IsGivenUp()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(
            """
            send INVITE
            recv 100?
            recv 180?
            recv 200
            recv BYE
            answer 200 OK
            """,
            """
            recv INVITE
            answer 200 OK sdp
            recv ACK
            recv BYE
            answer 200 OK
            """);

        (await line.RowAsync()).HupUsr.ShouldBe("system");
    }
}
