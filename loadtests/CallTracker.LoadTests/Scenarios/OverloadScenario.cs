using System.Diagnostics;
using CallTracker.LoadTests.Measure;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Finds what rate the node sustains on a share of a core, then asks three times that of it, then a little less than
/// that again: how many calls are answered meanwhile, whether running calls are hurt, how soon it is well again.
/// </summary>
internal static class OverloadScenario
{
    private const int Factor = 3;
    private const int StepSec = 12;
    private const double StepGrowth = 1.12;
    private const double StepBack = 0.7;
    private const double RateMin = 20;
    private const double RateMax = 4000;
    private const int HeldCount = 50;
    private const double GoodputShare = 0.95;
    private const int RecoverySec = 5;
    private const int AfterSec = 15;
    private const double AfterShare = 0.8;
    // A second in which the rate was not quite met is no sign of anything.
    private const double SustainedShare = 0.98;
    // Of the calls that the node answered; a lost message is repeated, so there should be none.
    private const double FailedShareMax = 0.001;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RowsQuiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RowsLimit = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(ScenarioContext context)
    {
        await context.StartProductAsync();
        // Long enough that the node's methods are compiled well: later that would be work on the quota.
        CallsScenario.RunDriver(context, context.Plan(6000, 400, 200), new Figures("warm-up"));
        using var held = HeldCalls.Start(context, HeldCount);
        using var share = new CpuShare(context.Product.NodePid, context.Options.Quota);
        var figures = new Figures($"overload: the node on {context.Options.Quota} % of a core");
        var (rate, peak) = await FindSustainedAsync(context);
        figures.Add("sustained, calls/s", rate);
        figures.Add("peak goodput, calls/s", peak);
        await OverloadAsync(context, rate, peak, figures);
        await held.EndAsync(figures);
        figures.Print();
    }

    // Down to a rate that is answered as offered, then up in steps until one is not: the last good one is what it
    // sustains.
    private static async Task<(double Rate, double Peak)> FindSustainedAsync(ScenarioContext context)
    {
        var (sustained, peak) = (0.0, 0.0);
        var rate = context.Options.RatePerSec;
        while (rate is > RateMin and < RateMax)
        {
            var flood = await Flood.RunAsync(context, rate, StepSec);
            Console.WriteLine(
                $"       {rate:F0} calls/s offered, {flood.Goodput:F0} answered, {flood.Refused:F0} refused, "
                + $"{flood.Failed} failed");
            peak = Math.Max(peak, flood.Goodput);
            await Task.Delay(Pause);
            if (flood.Goodput >= flood.Offered * SustainedShare && flood.Failed == 0) sustained = rate;
            else if (sustained > 0) break;
            rate *= sustained > 0 ? StepGrowth : StepBack;
        }
        if (sustained > 0) return (sustained, peak);
        throw new LoadTestException($"the node sustains no rate from {RateMin} to {RateMax}; take another --quota");
    }

    private static async Task OverloadAsync(ScenarioContext context, double rate, double peak, Figures figures)
    {
        await context.Api.AwaitQuietAsync(RowsQuiet, RowsLimit);
        var rowsBefore = await context.Api.CountAnsweredAsync();
        var cpu = CpuOfFloodAsync(context);
        var flood = await Flood.RunAsync(
            context, rate * Factor, context.Options.Secs, Math.Round(rate * AfterShare), AfterSec);
        var answered = flood.Result.Seconds.Sum(second => second.Answered);
        figures.Add("offered, calls/s", flood.Offered);
        figures.Add("answered meanwhile, calls/s", flood.Goodput);
        figures.Add("the worst 10 s, calls/s", flood.WorstGoodput);
        figures.Add("refused with 503, calls/s", flood.Refused);
        figures.Add("failed otherwise, calls", flood.Result.Failed);
        figures.Add("SIPp's retransmissions", flood.Result.Retransmissions);
        figures.Add("node CPU meanwhile, % of a core", await cpu);
        context.Findings.Claim(
            $"at {Factor} times the sustained rate for {context.Options.Secs} s, goodput is at least 95 % of the peak",
            flood.Goodput >= GoodputShare * peak, $"{flood.Goodput:F0} of {peak:F0} calls/s");
        context.Findings.Claim(
            "answered calls end well", flood.Result.Failed <= answered * FailedShareMax,
            $"{flood.Result.Failed} failed, {answered} answered");
        ClaimRecovery(context, flood, figures);
        await context.Api.AwaitQuietAsync(RowsQuiet, RowsLimit);
        var rows = await context.Api.CountAnsweredAsync() - rowsBefore;
        context.Findings.Claim("the call log has a row of each answered call", rows == answered, $"{rows}, {answered}");
    }

    // Over the middle of it; SIPp begins to place calls half a second after it is started.
    private static async Task<double> CpuOfFloodAsync(ScenarioContext context)
    {
        await Task.Delay(Pause);
        var before = ProcessSample.Take(context.Product.NodePid);
        var watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(context.Options.Secs) - Pause);
        var cpuUs = ProcessSample.Take(context.Product.NodePid).CpuUs - before.CpuUs;
        return 100 * cpuUs / watch.Elapsed.TotalMicroseconds;
    }

    private static void ClaimRecovery(ScenarioContext context, Flood flood, Figures figures)
    {
        // The rate changes within a second; what that one refused counts, too.
        var all = flood.Result.Seconds;
        var change = all.Count - 1;
        while (change > 0 && all[change - 1].TargetRate < flood.Offered / 2) change--;
        var after = all.Skip(change).Where(second => second.Placed > 0).ToArray();
        var last = Array.FindLastIndex(after, second => second.Refused + second.Failed > 0);
        var refusals = string.Join(' ', after.Select(second => second.Refused + second.Failed));
        figures.Add("seconds until nothing is refused", last + 1);
        context.Findings.Claim(
            $"back at 80 % of the sustained rate, nothing is refused after {RecoverySec} s",
            after.Length > RecoverySec && last < RecoverySec, $"refused in the seconds after: {refusals}");
    }
}
