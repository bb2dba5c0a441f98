using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Sip;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>So many calls a second, answered and held a while: what a call costs, and that each has its row.</summary>
internal static class CallsScenario
{
    private const int WarmUpSec = 5;
    private static readonly TimeSpan RowsLimit = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        if (!options.IsDirect) await context.StartProductAsync();
        var figures = new Figures(Title(options));
        await WarmUpAsync(context);
        for (var rep = 1; rep <= options.Reps; rep++)
        {
            var plan = context.Plan((int)(options.RatePerSec * options.Secs), options.RatePerSec, options.HoldMs);
            var before = Sample(context);
            if (options.UsesSipp) await RunSippAsync(context, plan, figures);
            else RunDriver(context, plan, figures);
            AddCost(figures, before, Sample(context), plan.Count);
            if (!options.IsDirect) await CheckRowsAsync(context, plan, rep);
        }
        figures.Print();
    }

    /// <summary>Runs a plan on the own driver and checks that every call went as asked.</summary>
    public static void RunDriver(ScenarioContext context, CallPlan plan, Figures figures)
    {
        using var driver = new CallDriver(plan);
        driver.Start();
        var limitSec = (plan.Count / plan.RatePerSec) + (plan.HoldMs / 1000.0) + 60;
        driver.Finish(TimeSpan.FromSeconds(limitSec));
        Report(context, driver, plan, figures);
    }

    public static void Report(ScenarioContext context, CallDriver driver, CallPlan plan, Figures figures)
    {
        var calls = driver.CallerParty.Calls;
        var answers = calls.Where(call => call.WasAnswered).Select(call => call.AnswerMs).ToArray();
        figures.Add("calls", calls.Count);
        figures.Add("answered and ended well", calls.Count(call => call.State == CallerState.Done));
        figures.Add("INVITE to 200, median ms", Figures.Median(answers));
        figures.Add("INVITE to 200, 99 % ms", Figures.Quantile(answers, 0.99));
        var codes = calls.Where(call => call.State == CallerState.Failed).GroupBy(call => call.FinalCode)
            .Select(group => $"{group.Count()} × {group.Key}");
        var broken = calls.Count(call => call.State is not (CallerState.Done or CallerState.Failed));
        context.Findings.Claim(
            $"all {plan.Count} calls are answered and end well", calls.All(call => call.State == CallerState.Done),
            $"{string.Join(", ", codes.Append($"{broken} broken"))}");
    }

    /// <summary>Waits for the rows of all calls placed so far and claims one for each.</summary>
    public static async Task AwaitAndClaimRowsAsync(ScenarioContext context, int rep)
    {
        var (rows, distinct) = await context.Api.AwaitRowsAsync(context.Placed, RowsLimit);
        context.Findings.Claim(
            $"run {rep}: one row for each of {context.Placed} calls so far", rows == context.Placed && distinct == rows,
            $"{rows} rows, {distinct} distinct");
    }

    private static async Task CheckRowsAsync(ScenarioContext context, CallPlan plan, int rep)
    {
        await AwaitAndClaimRowsAsync(context, rep);
        var log = await context.Api.ReadRowsAsync();
        var own = Enumerable.Range(0, plan.Count).Select(plan.CallerNumber).ToHashSet(StringComparer.Ordinal);
        var ours = log.Where(row => own.Contains(row.Caller)).ToArray();
        var holdSec = plan.HoldMs / 1000.0;
        context.Findings.Claim(
            $"run {rep}: every row is answered, with the talk its caller asked for within 1 s",
            ours.Length == plan.Count
                && ours.All(row => row.DialStatus == "normal" && Math.Abs(row.TalkingSec - holdSec) <= 1),
            $"{ours.Count(row => row.DialStatus == "normal")} answered, "
                + $"{ours.Min(row => row.TalkingSec)} to {ours.Max(row => row.TalkingSec)} s");
        context.Findings.Claim(
            $"run {rep}: every row says that its media was {context.Options.TrunkMedia}",
            ours.All(row => row.MediaMode == context.Options.TrunkMedia),
            string.Join(", ", ours.CountBy(row => row.MediaMode).Select(mode => $"{mode.Value} × {mode.Key}")));
        if (context.Options.HasRtp) CheckPackets(context, ours, rep);
    }

    private static void CheckPackets(ScenarioContext context, Product.CallRow[] rows, int rep)
    {
        var packets = rows.Sum(row => row.InboundPackets + row.OutboundPackets);
        var relayed = rows.Sum(row => row.InboundRelayed + row.OutboundRelayed);
        context.Findings.Claim(
            $"run {rep}: every packet that came in was relayed, both ways in every call",
            packets == relayed && rows.All(row => row.InboundPackets > 0 && row.OutboundPackets > 0),
            $"{relayed} of {packets}");
    }

    private static async Task RunSippAsync(ScenarioContext context, CallPlan plan, Figures figures)
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-sipp-").FullName;
        var result = await new SippPair(plan, folder, context.Options.HasRtp).RunAsync();
        figures.Add("calls", plan.Count);
        figures.Add("successful for SIPp", result.Successful);
        figures.Add("SIPp's retransmissions", result.Retransmissions);
        var isGood = result.Successful == plan.Count && result.Failed == 0;
        context.Findings.Claim($"all {plan.Count} calls succeed for SIPp", isGood, $"{result.Failed} failed");
        if (isGood) Directory.Delete(folder, recursive: true);
        else Console.Error.WriteLine($"kept: {folder}");
    }

    // The first calls compile the node's methods; that is no cost of a call.
    private static async Task WarmUpAsync(ScenarioContext context)
    {
        var rate = Math.Max(10, context.Options.RatePerSec / 2);
        var plan = context.Plan((int)(rate * WarmUpSec), rate, holdMs: 200);
        RunDriver(context, plan, new Figures("warm-up"));
        if (!context.Options.IsDirect) await context.Api.AwaitRowsAsync(context.Placed, RowsLimit);
    }

    private static ProcessSample? Sample(ScenarioContext context) =>
        context.Options.IsDirect ? null : ProcessSample.Take(context.Product.NodePid);

    private static void AddCost(Figures figures, ProcessSample? before, ProcessSample? after, int calls)
    {
        if (before is null || after is null) return;
        figures.Add("node CPU µs per call", (after.CpuUs - before.CpuUs) / calls);
        figures.Add("node RSS MB", after.RssKb / 1024.0);
        figures.Add("node PSS MB", after.PssKb / 1024.0);
    }

    private static string Title(LoadOptions options) =>
        $"calls: {options.RatePerSec} calls/s for {options.Secs} s, held {options.HoldMs / 1000.0} s, "
        + $"media {options.TrunkMedia}" + (options.UsesSipp ? ", SIPp on both sides" : "")
        + (options.HasRtp ? " with audio" : "")
        + (options.IsDirect ? ", no product in between" : "");
}
