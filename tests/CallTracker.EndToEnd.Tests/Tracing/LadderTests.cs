using System.Net;
using System.Text.Json;
using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Tracing;

/// <summary>The trace of real calls, from the sockets to the API: SIPp on both sides of the running product.</summary>
[Collection(ProductCollection.Name)]
public sealed class LadderTests(Product product)
{
    private const int LadderMsMax = 5000;

    [Fact]
    public async Task Call_Failed_HasALadderAndACaptureOfBothLegsWithinSeconds()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.Refused(486), Scripts.Busy);
        var row = await line.RowAsync();

        var messages = await LadderAsync(row.TrnId);
        Labels(messages, "inbound").ShouldBe(
            ["INVITE (SDP)", "100 Trying (INVITE)", "486 Busy Here (INVITE)", "ACK"]);
        Labels(messages, "outbound").ShouldBe(["INVITE (SDP)", "486 Busy Here (INVITE)", "ACK"]);
        var text = await TextAsync(row.TrnId);
        text.ShouldContain("kept because failed");
        text.ShouldContain("|---------------------------->|");
        var file = Path.Combine(product.RunDir, row.TrnId + ".pcap");
        await File.WriteAllBytesAsync(file, await product.Http.BytesAsync($"/v1/calls/{row.TrnId}/pcap"),
            TestContext.Current.CancellationToken);
        var methods = await Command.RunAsync("tshark", ["-r", file, "-T", "fields", "-e", "sip.CSeq.method"],
            new Dictionary<string, string>());
        methods.Output.Split('\n').Count(method => method == "INVITE").ShouldBe(5, methods.Output);
    }

    [Fact]
    public async Task Call_Answered_IsKeptOnlyWhenItsNumberIsAskedFor()
    {
        var line = await product.NewLineAsync();
        var shop = await line.StartShopAsync(Scripts.Answer, callCount: 2);
        await line.StartCaller(Scripts.ShortTalk).SucceedAsync();
        await product.Http.WriteAsync(HttpMethod.Post, "/v1/traces", new { din_id = line.DinId, minutes = 5 });
        await line.StartCaller(Scripts.ShortTalk).SucceedAsync();
        await shop.SucceedAsync();
        var rows = await line.RowsAsync(2);

        // Kept while it runs, too: at first the ladder may be without its end.
        var messages = await LadderAsync(rows[1].TrnId, last: "(BYE)");
        Labels(messages, "inbound").ShouldBe(
        [
            "INVITE (SDP)", "100 Trying (INVITE)", "180 Ringing (INVITE)", "200 OK (INVITE, SDP)", "ACK", "BYE",
            "200 OK (BYE)",
        ]);
        Labels(messages, "outbound")[^2..].ShouldBe(["BYE", "200 OK (BYE)"]);
        var (status, body) = await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{rows[0].TrnId}/ladder");
        status.ShouldBe(HttpStatusCode.NotFound);
        // The first call had settled, and was let go, before anybody asked; or it is too young for the API to say so.
        body.ShouldMatch("ladder_not_kept|ladder_pending");
        (await product.Http.QueryAsync(
            $"SELECT sequence FROM calltracker.sip_messages WHERE trn_id = '{rows[0].TrnId}'")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Call_Answered_IsMirroredByHepWithOneIdOnBothLegs()
    {
        using var receiver = new HepReceiver(product.HepPort);
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        var row = await line.RowAsync();

        var seen = new List<string>();
        await Wait.UntilAsync("the last answer in the mirror", LadderMsMax, () =>
        {
            seen.AddRange(receiver.Take().Where(m => m.Correlation == row.TrnId).Select(m => m.StartLine));
            return Task.FromResult(seen.Count(s => s.StartsWith("BYE ", StringComparison.Ordinal)) == 2
                && seen[^1] == "SIP/2.0 200 OK");
        });
        seen.Count(s => s.StartsWith("INVITE ", StringComparison.Ordinal)).ShouldBe(2);
        seen.Count(s => s.StartsWith("ACK ", StringComparison.Ordinal)).ShouldBe(2);
    }

    /// <param name="trnId">The call.</param>
    /// <param name="last">What stands in the caller's last message.</param>
    private async Task<JsonElement[]> LadderAsync(string trnId, string last = "")
    {
        var body = await Wait.ForAsync($"ladder of {trnId}", LadderMsMax, async () =>
        {
            var (status, text) = await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{trnId}/ladder");
            if (status != HttpStatusCode.OK) return null;
            return Labels(Messages(text), "inbound")[^1].Contains(last, StringComparison.Ordinal) ? text : null;
        });
        return Messages(body);
    }

    private static JsonElement[] Messages(string body) =>
        [.. JsonDocument.Parse(body).RootElement.GetProperty("messages").EnumerateArray()];

    private async Task<string> TextAsync(string trnId) =>
        (await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{trnId}/ladder?format=text")).Body;

    private static string[] Labels(JsonElement[] messages, string leg) =>
        [.. messages.Where(m => m.GetProperty("leg").GetString() == leg)
            .Select(m => m.GetProperty("label").GetString()!)];
}
