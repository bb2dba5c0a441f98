using CallTracker.EndToEnd.Tests.Calls;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.EndToEnd.Tests.Sipp;

namespace CallTracker.EndToEnd.Tests.Failures;

/// <summary>
/// What is away: calls go on, records wait, and nothing is lost or doubled. Each test brings all back.
/// </summary>
[Collection(ProductCollection.Name)]
public sealed class OutageTests(Product product)
{
    [Fact]
    public async Task Redis_Away_KnownNumbersGoOn()
    {
        var line = await product.NewLineAsync();
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        await product.StopAsync("redis");
        await line.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        await SippRun.StartCaller(product, Scripts.Refused(503), "05099999999", new SippCallerOptions()).SucceedAsync();
        await product.StartAsync("redis");

        var rows = await line.RowsAsync(2, limitMs: 30_000);
        rows.Select(row => row.SeqNum).Distinct().Count().ShouldBe(2);
        var other = await product.NewLineAsync();
        await other.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        await other.RowAsync();
    }

    [Fact]
    public async Task ClickHouse_AwayAndBack_GetsEveryRowOnce()
    {
        var line = await product.NewLineAsync();
        await product.StopAsync("clickhouse");
        var shop = await line.StartShopAsync(Scripts.Answer, callCount: 20);
        await line.StartCaller(Scripts.ShortTalk, new SippCallerOptions { CallCount = 20 }).SucceedAsync();
        await shop.SucceedAsync();
        await product.StartAsync("clickhouse");

        await line.RowsAsync(20, limitMs: 30_000);
        await ShouldStayAsync(line, 20);
    }

    [Fact]
    public async Task ClickHouse_Killed_GetsEveryRowOnce()
    {
        var line = await product.NewLineAsync();
        var shop = await line.StartShopAsync(Scripts.Answer, callCount: 30);
        var caller = line.StartCaller(Scripts.ShortTalk, new SippCallerOptions { CallCount = 30 });
        await caller.SeenAsync("BYE ");
        await product.KillAsync("clickhouse");
        await caller.SucceedAsync();
        await shop.SucceedAsync();

        await line.RowsAsync(30, limitMs: 60_000);
        await ShouldStayAsync(line, 30);
    }

    [Fact]
    public async Task Node_KilledWithCallsUp_LeavesOneRowForEach()
    {
        var line = await product.NewLineAsync();
        var shop = await line.StartShopAsync(Scripts.Answer, callCount: 10);
        var caller = line.StartCaller(
            Scripts.ShortTalk.Replace("pause 300", "pause 20000", StringComparison.Ordinal),
            new SippCallerOptions { CallCount = 10, CallsPerSecond = 50, LimitSec = 12 });
        await Wait.UntilAsync("ten calls up", 10_000, () => Task.FromResult(Count(caller.Messages, "\nACK ") == 10));
        await product.KillAsync("node");
        await product.NodeReadyAsync();

        var rows = await line.RowsAsync(10, limitMs: 30_000);
        rows.ShouldAllBe(row => row.IsRecovered && row.DialStat == "normal" && row.EndReason == "node_restart");
        rows.Select(row => row.TrnId).Distinct().Count().ShouldBe(10);
        await ShouldStayAsync(line, 10);
        await caller.ExitAsync();
        await shop.ExitAsync();

        var next = await product.NewLineAsync();
        await next.CallAsync(Scripts.ShortTalk, Scripts.Answer);
        await next.RowAsync();
    }

    [Fact]
    public async Task Node_Draining_FinishesItsCallsAndTakesNoNew()
    {
        var line = await product.NewLineAsync();
        var shop = await line.StartShopAsync(Scripts.Answer);
        var running = line.StartCaller(Scripts.ShortTalk.Replace("pause 300", "pause 5000", StringComparison.Ordinal));
        await running.SeenAsync("\nACK ");
        var stopping = product.StopAsync("node");
        await Wait.UntilAsync("the node drains", 5000, async () => !await IsReadyAsync());
        await line.StartCaller(Scripts.Refused(503)).SucceedAsync();
        await running.SucceedAsync();
        await shop.SucceedAsync();
        await stopping;
        await product.StartAsync("node");

        // What is refused while draining is another node's call: it has no row here.
        var row = (await line.RowsAsync(1, limitMs: 30_000)).Single();
        row.DialStat.ShouldBe("normal");
        row.HupUsr.ShouldBe("caller");
        row.TalkingSec.ShouldBeInRange(4, 6);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            await product.Http.NodePageAsync("/readyz");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // A doubled row would come within the shipper's next batches; two seconds hold eight of them.
    private static async Task ShouldStayAsync(Line line, int count)
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await line.RowsAsync(count)).Select(row => row.TrnId).Distinct().Count().ShouldBe(count);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
