using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Calls at a steady rate while the node is killed three times and ClickHouse is away for a minute: every INVITE that
/// got a 2xx has exactly one row in the end, and none has two.
/// </summary>
internal static class ChaosScenario
{
    private const int KillCount = 3;
    private static readonly TimeSpan ClickHouseAway = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RowsLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        var count = options.Calls(10_000);
        await context.StartProductAsync();
        var figures = new Figures($"chaos: {count} calls at {options.RatePerSec}/s, held {options.HoldMs / 1000.0} s");
        var plan = context.Plan(count, options.RatePerSec, options.HoldMs) with
        {
            // A repetition that meets the restarted node is a call of its own for it, with a row of its own.
            RepeatsInvite = false,
            AnswerMsMax = 8000,
        };
        using var driver = new CallDriver(plan);
        driver.Start();
        var clickHouse = StopClickHouseForAWhileAsync(context, () => driver.Started, count / 5);
        var gaps = await KillNodesAsync(context, () => driver.Started, count);
        await clickHouse;
        driver.Finish(TimeSpan.FromSeconds((count / options.RatePerSec) + 120));
        Report(context, driver, figures, gaps);
        await CheckRowsAsync(context, driver, plan, figures);
        figures.Print();
    }

    // At a quarter, a half and three quarters of the calls: the middle one while ClickHouse is away.
    private static async Task<List<TimeSpan>> KillNodesAsync(ScenarioContext context, Func<int> started, int count)
    {
        var gaps = new List<TimeSpan>();
        for (var kill = 1; kill <= KillCount; kill++)
        {
            await StartedAsync(started, count * kill / (KillCount + 1));
            gaps.Add(await context.Product.KillNodeAsync(context.Api.Plain));
            Console.WriteLine($"node killed after {started()} calls, back after {gaps[^1].TotalSeconds:F1} s");
        }
        return gaps;
    }

    private static async Task StopClickHouseForAWhileAsync(
        ScenarioContext context, Func<int> started, int afterCalls)
    {
        await StartedAsync(started, afterCalls);
        await context.Product.StopServicesAsync("clickhouse");
        Console.WriteLine($"ClickHouse stopped after {started()} calls");
        await Task.Delay(ClickHouseAway);
        await context.Product.StartServiceAsync("clickhouse");
        Console.WriteLine($"ClickHouse back after {started()} calls");
    }

    private static async Task StartedAsync(Func<int> started, int calls)
    {
        while (started() < calls) await Task.Delay(20);
    }

    private static void Report(ScenarioContext context, CallDriver driver, Figures figures, List<TimeSpan> gaps)
    {
        var calls = driver.CallerParty.Calls;
        figures.Add("calls", calls.Count);
        figures.Add("got a 2xx", calls.Count(call => call.WasAnswered));
        figures.Add("ended well", calls.Count(call => call.State == CallerState.Done));
        figures.Add("cut off by a kill", calls.Count(call => call.State == CallerState.Broken));
        figures.Add("not answered", calls.Count(call => !call.WasAnswered));
        figures.Add("longest time without node, s", gaps.Max(gap => gap.TotalSeconds));
        var answered = calls.Count(call => call.WasAnswered);
        context.Findings.Claim("most calls were answered: the test means something", answered > calls.Count / 2);
    }

    private static async Task CheckRowsAsync(ScenarioContext context, CallDriver driver, CallPlan plan, Figures figures)
    {
        var (rows, distinct) = await context.Api.AwaitQuietAsync(Quiet, RowsLimit);
        var log = await context.Api.ReadRowsAsync();
        var byCaller = log.ToLookup(row => row.Caller, StringComparer.Ordinal);
        int missing = 0, twice = 0, unanswered = 0;
        for (var i = 0; i < plan.Count; i++)
        {
            var own = byCaller[plan.CallerNumber(i)].ToArray();
            if (own.Length > 1) twice++;
            if (!driver.CallerParty.Calls[i].WasAnswered) continue;
            if (own.Length == 0) missing++;
            else if (own.All(row => row.DialStatus != "normal")) unanswered++;
        }
        figures.Add("rows", rows);
        figures.Add("rows closed by recovery", log.Count(row => row.Recovered));
        context.Findings.Claim("every INVITE that got a 2xx has its row", missing == 0, $"{missing} missing");
        context.Findings.Claim("each of those rows says answered", unanswered == 0, $"{unanswered} do not");
        context.Findings.Claim("no INVITE has two rows", twice == 0, $"{twice} have");
        context.Findings.Claim("no row is there twice", rows == distinct, $"{rows} rows, {distinct} distinct");
        context.Findings.Claim("the API shows what ClickHouse has", log.Count == rows, $"{log.Count} of {rows}");
    }
}
