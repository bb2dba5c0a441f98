using System.Text.Json;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Ringback;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Media;

/// <summary>The quality of a call while it runs and on its record, and what ends a call that one side is silent
/// in.</summary>
[Collection(ProductCollection.Name)]
public sealed class QualityTests(Product product)
{
    private const string Columns =
        "trn_id,end_reason,media_fault,in_packets,in_mos,in_first_packet_ms,in_jitter_mean_us,in_gaps,in_silence_ms,"
        + "out_packets,out_mos,out_silence_ms,out_rtt_us";

    [Fact]
    public async Task Quality_OfACall_IsToldWhileItRunsAndOnItsRecord()
    {
        var before = await product.NodeMetricAsync("calltracker_media_mos_count");
        var others = await RunningAsync();
        var line = await product.NewLineAsync();
        // The shop echoes what it hears.
        var shop = await line.StartShopAsync("recv INVITE\nanswer 200 OK sdp\nrecv ACK\nrecv BYE\nanswer 200 OK");
        var caller = line.StartCaller(
            """
            send INVITE
            recv 100?
            recv 200
            send ACK
            rtp
            pause 5000
            send BYE
            recv 200
            """);
        var id = await Wait.ForAsync(
            "a call in progress", 10_000, async () => (await RunningAsync()).Except(others).SingleOrDefault());
        var lines = (await product.Http.NodePageAsync($"/calls/{id}/quality?seconds=3")).Split('\n');
        using var second = JsonDocument.Parse(lines[1]);
        foreach (var name in new[] { "inbound", "outbound" })
        {
            var side = second.RootElement.GetProperty(name);
            side.GetProperty("second_packets").GetInt32().ShouldBeInRange(30, 70, name);
            side.GetProperty("mos").GetDouble().ShouldBeInRange(3.5, 4.5, name);
        }
        await SippRun.SucceedAsync([shop, caller]);

        var row = await RowAsync(line);
        row.GetProperty("trn_id").GetString().ShouldBe(id);
        (row.GetProperty("end_reason").GetString(), row.GetProperty("media_fault").GetString()).ShouldBe(("bye", ""));
        row.GetProperty("in_packets").GetInt32().ShouldBeGreaterThan(150);
        row.GetProperty("in_mos").GetDouble().ShouldBeInRange(3.5, 4.5);
        row.GetProperty("out_mos").GetDouble().ShouldBeInRange(3.5, 4.5);
        row.GetProperty("in_first_packet_ms").GetInt32().ShouldBeInRange(0, 1000);
        row.GetProperty("out_rtt_us").ValueKind.ShouldBe(JsonValueKind.Null, "SIPp has no RTCP");
        (await product.NodeMetricAsync("calltracker_media_mos_count")).ShouldBe(before + 2);
    }

    [Theory]
    [InlineData(true, "callee_never_sent", "nothing from callee")]
    [InlineData(false, "caller_never_sent", "nothing from caller")]
    public async Task Silence_OfOneSide_EndsTheCallOnBothLegsAndSaysWhose(bool callerTalks, string fault, string reason)
    {
        using var ear = new RtpEar();
        var line = await product.NewLineAsync();
        var isOver = $"recv BYE /Reason: Q.850;cause=102;text=\"Media timeout, {reason}/\nanswer 200 OK";
        // Who is not to talk has its audio at an ear that never sends.
        var shop = await line.StartShopAsync(
            $"recv INVITE\nanswer 200 OK sdp{(callerTalks ? $" port={ear.Port}" : "")}\nrecv ACK\n"
            + $"{(callerTalks ? "" : "rtp\n")}{isOver}");
        var caller = line.StartCaller(
            $"send INVITE{(callerTalks ? "" : $" port={ear.Port}")}\nrecv 100?\nrecv 200\nsend ACK\n"
            + $"{(callerTalks ? "rtp\n" : "")}{isOver}");
        await SippRun.SucceedAsync([shop, caller]);

        var row = await RowAsync(line);
        (row.GetProperty("end_reason").GetString(), row.GetProperty("media_fault").GetString())
            .ShouldBe(("media_timeout", fault));
        var (talker, silent) = callerTalks ? ("in", "out") : ("out", "in");
        row.GetProperty(talker + "_mos").GetDouble().ShouldBeInRange(3.5, 4.5);
        row.GetProperty(silent + "_mos").ValueKind.ShouldBe(JsonValueKind.Null);
        row.GetProperty(silent + "_silence_ms").GetInt32().ShouldBeInRange(25_000, 27_500);
        ear.Heard.Count.ShouldBeGreaterThan(1000, "the silent side heard the other one");
    }

    // Calls that other tests left behind may be up.
    private async Task<IReadOnlyList<string>> RunningAsync()
    {
        using var list = JsonDocument.Parse(await product.Http.NodePageAsync("/calls?limit=1000"));
        return [.. list.RootElement.EnumerateArray().Select(call => call.GetProperty("trn_id").GetString()!)];
    }

    private async Task<JsonElement> RowAsync(Line line)
    {
        await line.RowAsync();
        return (await product.Http.CallsAsync($"din_id={line.DinId}&columns={Columns}")).ShouldHaveSingleItem();
    }
}
