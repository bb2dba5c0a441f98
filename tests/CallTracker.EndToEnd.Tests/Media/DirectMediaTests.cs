using System.Text.Json;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Ringback;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Media;

/// <summary>Two trunks of direct media, by the API: audio goes past the node, and signalling alone finds a lost BYE.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class DirectMediaTests(Product product)
{
    private const string Columns =
        "trn_id,dial_stat,end_reason,media_mode,media_mode_label,in_packets,in_mos,in_silence_ms,in_first_packet_ms";

    [Fact]
    public async Task Audio_BetweenTwoDirectTrunks_GoesPastTheNodeAndTheRecordSaysSo()
    {
        using var ear = new RtpEar();
        var line = await LineAsync();
        try
        {
            var before = await product.NodeMetricAsync("calltracker_calls_direct_total");
            var shop = await line.StartShopAsync(
                $"recv INVITE\nanswer 200 OK sdp port={ear.Port}\nrecv ACK\nrecv BYE\nanswer 200 OK");
            var caller = line.StartCaller(
                $"""
                send INVITE
                recv 100?
                recv 200 /m=audio {ear.Port} /
                send ACK
                rtp
                pause 1500
                send BYE
                recv 200
                """);
            await SippRun.SucceedAsync([shop, caller]);
            ear.Heard.Count.ShouldBeGreaterThan(40);
            (await product.NodeMetricAsync("calltracker_calls_direct_total")).ShouldBe(before + 1);
            var row = await RowAsync(line);
            Text(row, "dial_stat", "media_mode", "media_mode_label").ShouldBe("normal direct 直接");
            row.GetProperty("in_packets").GetInt32().ShouldBe(0);
            row.GetProperty("in_silence_ms").GetInt32().ShouldBe(0);
            row.GetProperty("in_mos").ValueKind.ShouldBe(JsonValueKind.Null);
            row.GetProperty("in_first_packet_ms").ValueKind.ShouldBe(JsonValueKind.Null);
        }
        finally
        {
            await SetAsync("e2e-carrier", "anchored");
        }
    }

    [Fact]
    public async Task Bye_ThatWasLost_IsFoundWithoutAnySessionTimer()
    {
        var line = await LineAsync();
        try
        {
            // The longest session timer here is 6 s; the shop has forgotten the call when it is asked.
            await line.CallAsync(
                """
                send INVITE
                recv 100?
                recv 200
                send ACK
                recv BYE
                answer 200 OK
                """,
                """
                recv INVITE
                answer 200 OK sdp
                recv ACK
                recv INVITE
                answer 481 Gone
                recv ACK
                recv BYE
                answer 200 OK
                """);
            Text(await RowAsync(line), "end_reason", "media_mode").ShouldBe("session_expired direct");
        }
        finally
        {
            await SetAsync("e2e-carrier", "anchored");
        }
    }

    private async Task<Line> LineAsync()
    {
        var line = await product.NewLineAsync();
        await SetAsync("e2e-carrier", "direct");
        await SetAsync("e2e-" + line.Destinations[0], "direct");
        return line;
    }

    private async Task SetAsync(string trunk, string media)
    {
        await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/" + trunk, new { media });
        await product.ChangeSeenAsync();
    }

    private async Task<JsonElement> RowAsync(Line line)
    {
        await line.RowAsync();
        return (await product.Http.CallsAsync($"din_id={line.DinId}&columns={Columns}")).ShouldHaveSingleItem();
    }

    private static string Text(JsonElement row, params string[] names) =>
        string.Join(' ', names.Select(name => row.GetProperty(name).GetString()));
}
