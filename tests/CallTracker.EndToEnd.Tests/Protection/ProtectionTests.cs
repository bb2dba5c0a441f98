using System.Globalization;
using System.Net;
using System.Text.Json;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Identity;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Protection;

/// <summary>Fraud, forgery and smuggling against the whole product.</summary>
[Collection(ProductCollection.Name)]
public sealed class ProtectionTests(Product product)
{
    private static int TrunkCount;

    [Fact]
    public async Task Destination_Abroad_IsRefusedUntilItIsPermittedByName()
    {
        var line = await product.NewLineAsync();
        var path = "/v1/numbers/" + line.DinId;
        const string Abroad = """{"destinations":[{"fwd_id":"+1 202 555 0100","ring_sec":20}]""";
        var (status, body) = await product.Http.SendAsync(HttpMethod.Patch, path, Abroad + "}");
        status.ShouldBe(HttpStatusCode.UnprocessableEntity, body);
        body.ShouldContain("/destinations/0/fwd_id");

        (status, body) = await product.Http.SendAsync(
            HttpMethod.Patch, path, Abroad + ""","allowed_destinations":["+1202"]}""");
        status.ShouldBe(HttpStatusCode.OK, body);
        await product.AddTrunkAsync("01012025550100", line.ShopPorts[0]);
        await product.ChangeSeenAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        var row = await line.RowAsync();
        (row.FwdId, row.DialStat, row.FwdType).ShouldBe(("01012025550100", "normal", "international"));
    }

    [Fact]
    public async Task Destination_PutPastTheApi_IsStillNotCalled()
    {
        var line = await product.NewLineAsync();
        await product.AddTrunkAsync("01013", line.ShopPorts[0]);
        var redis = new RedisText(product);
        var key = "ct:route:" + line.DinId;
        var route = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await redis.GetAsync(key))!;
        route["destinations"] = JsonSerializer.SerializeToElement(
            new[] { new { fwd_id = "01013105550100", ring_sec = 20 } });
        await redis.SetAsync(key, JsonSerializer.Serialize(route));
        using var caller = new RawCaller(product, line.DinId);
        caller.Send(caller.Invite());
        await caller.ReceiveAsync("SIP/2.0 403");
        var row = await line.RowAsync();
        (row.DialStat, row.EndReason, row.FwdId).ShouldBe(
            ("line_unavailable", "destination_forbidden", "01013105550100"));
    }

    [Fact]
    public async Task Cancel_OfAnotherTrunk_DoesNotEndTheCall()
    {
        var line = await product.NewLineAsync();
        using var stranger = await NewStrangerAsync(line, "127.0.0.3");
        var slow = Scripts.Answer.Replace("pause 100", "pause 1000", StringComparison.Ordinal);
        var shop = await line.StartShopAsync(slow);
        using var caller = new RawCaller(product, line.DinId);
        var invite = caller.Invite();
        caller.Send(invite);
        await caller.ReceiveAsync("SIP/2.0 180");
        stranger.Send(caller.Cancel(invite));
        await stranger.ReceiveAsync("SIP/2.0 481");
        var answer = await caller.ReceiveAsync("SIP/2.0 [2-6]");
        answer.ShouldStartWith("SIP/2.0 200");
        caller.Send(caller.InDialog(invite, answer, "ACK", 1, "ack"));

        stranger.Send(caller.InDialog(invite, answer, "BYE", 2, "forged"));
        await stranger.ReceiveAsync("SIP/2.0 481");
        await caller.HangUpAsync(invite, answer);
        await shop.SucceedAsync();
        var row = await line.RowAsync();
        (row.DialStat, row.HupUsr).ShouldBe(("normal", "caller"));
        (await product.Http.NodePageAsync("/metrics")).ShouldMatch(
            "calltracker_sip_dropped_total\\{cause=\"foreign_source\"\\} [1-9]");
    }

    [Theory]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\nContent-Length: 0\r\n", "400")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\nl: 0\r\n", "400")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\nSubject: a\0b\r\n", "400")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\nSubject: a\rVia: b\r\n", "400")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards: 70\r\nf: <sip:second@x>;tag=2\r\n", "400")]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 BYE", "400")]
    [InlineData("Contact: ", "Contact: <sip:second@127.0.0.1>\r\nContact: ", "400")]
    [InlineData("Max-Forwards: 70\r\n", "Max-Forwards : 0\r\n", "483")]
    public async Task Invite_WithATrick_IsRefused(string good, string bad, string code)
    {
        using var caller = new RawCaller(product, (await TrickLineAsync()).DinId);
        var invite = caller.Invite();
        invite.ShouldContain(good);
        caller.Send(invite.Replace(good, bad, StringComparison.Ordinal));
        await caller.ReceiveAsync("SIP/2.0 " + code);
    }

    [Fact]
    public async Task Metrics_OfTheNode_TellOfAdmission()
    {
        var page = await product.Http.NodePageAsync("/metrics");
        page.ShouldMatch("calltracker_admission_share\\{worker=\"0\"\\} 1");
        page.ShouldContain("calltracker_admission_refused");
        page.ShouldContain("calltracker_admission_delay");
    }

    // One line serves all tricks: none of them becomes a call.
    private static Line? TrickLine;

    private async Task<Line> TrickLineAsync() => TrickLine ??= await product.NewLineAsync();

    // Another trunk's host: a source the node listens to, but no part of the call.
    private async Task<RawCaller> NewStrangerAsync(Line line, string address)
    {
        var number = Interlocked.Increment(ref TrunkCount).ToString(CultureInfo.InvariantCulture);
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "stranger" + number,
            name = "stranger",
            address = address + ":5060",
            prefixes = new[] { "0999999" + number },
            inbound_from = new[] { address },
        });
        await product.ChangeSeenAsync();
        return new RawCaller(product, line.DinId, address);
    }
}
