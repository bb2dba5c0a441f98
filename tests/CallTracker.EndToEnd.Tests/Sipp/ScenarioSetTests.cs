using System.Net;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>
/// The scenario set: a scenario of each point that carriers ask for, several calls at a time. Every call must go as
/// written and have its row. <c>ops/test --full sipp</c> plays more calls, several rounds, and a round with loss.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class ScenarioSetTests(Product product)
{
    private const int CallsPerSecond = 10;
    private const int RowsMs = 30_000;

    public static TheoryData<string> Names => [.. SippCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Scenario_PlayedByManyCalls_GoesAsWrittenAndIsOnRecord(string name)
    {
        var (one, setting) = (SippCases.All[name], SippSetting.Current);
        for (var round = 0; round < setting.Rounds; round++) await PlayAsync(one, setting.Calls, 0);
        if (one.TakesLoss && setting.LossPercent > 0) await PlayAsync(one, setting.Calls, setting.LossPercent);
    }

    [Fact]
    public void Scenarios_OfTheSet_AreThereForEveryPoint() =>
        SippCases.All.Values.Select(c => c.Point).Distinct().ShouldBe(
            ["transports", "dialogs", "early media", "identity", "trunks", "protection", "tracing", "STIR"]);

    private async Task PlayAsync(SippCase one, int calls, int lossPercent)
    {
        var line = await product.NewLineAsync(Math.Max(1, one.Shops.Length), reliable: one.Reliable);
        if (one.Trunk is not null)
        {
            await product.Http.WriteAsync(HttpMethod.Patch, "/v1/trunks/e2e-" + line.Destinations[0], one.Trunk);
            await product.ChangeSeenAsync();
        }
        // A lost message costs up to 4 s, several in a row more.
        var limitSec = lossPercent > 0 ? 120 : 60;
        var running = new List<SippRun>();
        for (var at = 0; at < one.Shops.Length; at++)
        {
            var shop = lossPercent > 0 ? BearingLoss(one.Shops[at]) : one.Shops[at];
            running.Add(await SippRun.StartShopAsync(
                product, shop, line.ShopPorts[at], calls, limitSec, lossPercent: lossPercent));
        }
        running.Add(line.StartCaller(one.Caller, new SippCallerOptions
        {
            CallCount = calls,
            CallsPerSecond = CallsPerSecond,
            LimitSec = limitSec,
            Transport = one.Transport,
            LossPercent = lossPercent,
        }));
        await SippRun.SucceedAsync(running);
        await CheckRowsAsync(one, line, calls);
    }

    // SIPp gives a call up over two things that loss brings. A lost ACK leaves the BYE as the next to come. And an
    // INVITE that is repeated, as all that was answered to it was lost, it knows again only while it has sent one
    // message since: so the shop answers without ringing. Of 183, 180 and 200 one comes through nearly always.
    private static string BearingLoss(string shop)
    {
        var bearing = shop.Replace("recv ACK\nrecv BYE", "recv ACK?\nrecv BYE", StringComparison.Ordinal);
        return bearing.Contains("answer 183", StringComparison.Ordinal)
            ? bearing
            : bearing.Replace("answer 180 Ringing\npause 100\n", "", StringComparison.Ordinal);
    }

    private async Task CheckRowsAsync(SippCase one, Line line, int calls)
    {
        var rows = await line.RowsAsync(one.DialStat.Length == 0 ? 0 : calls, RowsMs);
        foreach (var row in rows)
        {
            row.DialStat.ShouldBe(one.DialStat, row.ToString());
            row.AttemptSipCodes.ShouldBe(one.Attempts, row.ToString());
        }
        if (!one.HasLadder) return;
        foreach (var row in rows)
        {
            await Wait.UntilAsync($"ladder of {row.TrnId}", RowsMs, async () =>
                (await product.Http.SendAsync(HttpMethod.Get, $"/v1/calls/{row.TrnId}/ladder")).Status
                    == HttpStatusCode.OK);
        }
    }
}
