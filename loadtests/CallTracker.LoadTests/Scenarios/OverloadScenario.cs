using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Finds what rate the node sustains on a share of a core, then asks three times that of it, then a little less than
/// that again: how many calls are answered meanwhile, whether running calls are hurt, how soon it is well again.
/// </summary>
internal static class OverloadScenario
{
    private const int Factor = 3;
    private const int StepSec = 8;
    private const double StepGrowth = 1.2;
    private const int HeldCalls = 50;
    private const double GoodputShare = 0.95;
    private const int RecoverySec = 5;
    // A second in which the rate was not quite met is no sign of anything.
    private const double SustainedShare = 0.98;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(ScenarioContext context)
    {
        await context.StartProductAsync();
        CallsScenario.RunDriver(context, context.Plan(2000, 200, 200), new Figures("warm-up"));
        using var share = new CpuShare(context.Product.NodePid, context.Options.Quota);
        var figures = new Figures($"overload: the node on {context.Options.Quota} % of a core");
        var (rate, peak) = await FindSustainedAsync(context);
        figures.Add("sustained, calls/s", rate);
        figures.Add("peak goodput, calls/s", peak);
        await Task.Delay(Pause);
        await OverloadAsync(context, rate, peak, figures);
        await RecoverAsync(context, rate * 0.8, figures);
        figures.Print();
    }

    // Up in steps until a step is not answered as offered: the last good one is what it sustains.
    private static async Task<(double Rate, double Peak)> FindSustainedAsync(ScenarioContext context)
    {
        var (sustained, peak) = (0.0, 0.0);
        for (var rate = context.Options.RatePerSec; rate < 4000; rate *= StepGrowth)
        {
            var result = await FloodAsync(context, rate, StepSec);
            var seconds = Steady(result);
            var answered = Figures.Median(seconds.Select(second => (double)second.Answered));
            Console.WriteLine($"       {rate:F0} calls/s offered, {answered:F0} answered");
            peak = Math.Max(peak, answered);
            if (answered < rate * SustainedShare || result.Failed > 0) break;
            sustained = rate;
            await Task.Delay(Pause);
        }
        if (sustained > 0) return (sustained, peak);
        throw new LoadTestException("the first step is too much; start with a lower --rate or a larger --quota");
    }

    private static async Task OverloadAsync(ScenarioContext context, double rate, double peak, Figures figures)
    {
        var held = context.Plan(HeldCalls, 50, CallPlan.HoldForever) with
        {
            Caller = context.Product.SecondCaller,
            Shop = context.Product.SecondShop,
            Number = ProductApi.SecondNumber,
        };
        using var driver = new CallDriver(held);
        driver.Start();
        driver.WaitSettled(TimeSpan.FromSeconds(30));
        var result = await FloodAsync(context, rate * Factor, context.Options.Secs);
        driver.HangUp();
        driver.Finish(TimeSpan.FromSeconds(60));
        var goodput = Figures.Median(Steady(result).Select(second => (double)second.Answered));
        figures.Add($"offered at {Factor} times, calls/s", rate * Factor);
        figures.Add("answered meanwhile, calls/s", goodput);
        figures.Add("refused with 503, calls/s", Figures.Median(Steady(result).Select(s => (double)s.Refused)));
        figures.Add("failed otherwise, calls", result.Failed);
        context.Findings.Claim(
            $"at {Factor} times the sustained rate for {context.Options.Secs} s, goodput is at least 95 % of the peak",
            goodput >= GoodputShare * peak, $"{goodput:F0} of {peak:F0} calls/s");
        var well = driver.CallerParty.Calls.Count(call => call.State == CallerState.Done);
        context.Findings.Claim($"all {HeldCalls} running calls live on and end well", well == HeldCalls, $"{well}");
    }

    private static async Task RecoverAsync(ScenarioContext context, double rate, Figures figures)
    {
        var result = await FloodAsync(context, rate, RecoverySec * 3);
        var seconds = result.Seconds.Where(second => second.Placed > 0).ToArray();
        var last = Array.FindLastIndex(seconds, second => second.Refused + second.Failed > 0);
        figures.Add("seconds until nothing is refused", last + 1);
        context.Findings.Claim(
            $"back at 80 % of the sustained rate, nothing is refused after {RecoverySec} s", last < RecoverySec,
            $"last refusal in second {last + 1}");
    }

    private static async Task<SippResult> FloodAsync(ScenarioContext context, double rate, int secs)
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-flood-").FullName;
        var plan = context.Plan((int)(rate * secs), rate, context.Options.HoldMs);
        var result = await new SippPair(plan, folder, hasRtp: false, "flood.xml").RunAsync();
        Directory.Delete(folder, recursive: true);
        // Nothing placed proves nothing: an empty run must not pass for one without refusals.
        if (result.Seconds.All(second => second.Answered + second.Refused == 0))
            throw new LoadTestException($"at {rate:F0} calls/s SIPp counted neither answers nor refusals");
        return result;
    }

    // Without the first seconds, in which the admission learns, and without the tail, in which calls only end.
    private static SippSecond[] Steady(SippResult result)
    {
        var placing = result.Seconds.Where(second => second.Placed > 0).ToArray();
        return placing.Length <= 6 ? placing : placing[3..^2];
    }
}
