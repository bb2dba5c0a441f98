using System.Diagnostics;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>So many calls held, nothing said: what a call takes of memory, and of CPU while nothing happens.</summary>
internal static class IdleScenario
{
    private const double KbPerCallMax = 12;
    private const int WarmUpCount = 100;
    // Slowly: compiling takes its time, and a node that gets behind refuses calls.
    private const double WarmUpRatePerSec = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    // Timers D, H, J and L (RFC 3261, RFC 6026) last 32 s.
    private static readonly TimeSpan LingerLimit = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(ScenarioContext context)
    {
        var count = context.Options.Calls(1000);
        await context.StartProductAsync(ProductRun.WithoutTraces, ProductRun.LongSilence);
        // The first calls compile methods and touch what all calls share: no cost of one that is held.
        var warmUp = new Figures("warm-up");
        CallsScenario.RunDriver(context, context.Plan(WarmUpCount, WarmUpRatePerSec, 200), warmUp);
        await AwaitNoTransactionsAsync(context);
        var figures = new Figures($"idle: {count} calls held, media {context.Options.TrunkMedia}");
        for (var rep = 1; rep <= context.Options.Reps; rep++)
        {
            var before = ProcessSample.Take(context.Product.NodePid);
            await Task.Delay(Rest);
            figures.Add("node CPU ms per s without calls", CpuMsPerSec(before, context));
            await HoldAsync(context, count, figures);
            await CallsScenario.AwaitAndClaimRowsAsync(context, rep);
        }
        figures.Print();
        Console.WriteLine("Later runs reuse the memory of the first; what a call needs is what the first run adds.");
        var kb = figures.FirstOf("PSS kB per held call");
        context.Findings.Claim($"a held call takes less than {KbPerCallMax} kB", kb < KbPerCallMax, $"{kb:F2} kB");
    }

    private static async Task HoldAsync(ScenarioContext context, int count, Figures figures)
    {
        var pid = context.Product.NodePid;
        var (before, partsBefore) = (ProcessSample.Take(pid), MemoryParts.Take(pid));
        var rate = context.Options.RatePerSec;
        var plan = context.Plan(count, rate, CallPlan.HoldForever);
        using var driver = new CallDriver(plan);
        driver.Start();
        driver.WaitSettled(TimeSpan.FromSeconds((count / rate) + 60));
        var up = driver.CallerParty.Calls.Count(call => call.State == CallerState.Up);
        figures.Add("calls held", up);
        var perCall = 1.0 / Math.Max(1, up);
        figures.Add("PSS kB per call, transactions too", (ProcessSample.Take(pid).PssKb - before.PssKb) * perCall);
        figures.Add("transactions left, after s", await AwaitNoTransactionsAsync(context));
        await Task.Delay(Rest);
        var (held, parts) = (ProcessSample.Take(pid), MemoryParts.Take(pid));
        await Task.Delay(Rest);
        var heldCpu = CpuMsPerSec(held, context);
        figures.Add("node PSS MB before", before.PssKb / 1024.0);
        figures.Add("node PSS MB with the calls", held.PssKb / 1024.0);
        figures.Add("PSS kB per held call", (held.PssKb - before.PssKb) * perCall);
        figures.Add("  in the collector's heap", (parts.ManagedKb - partsBefore.ManagedKb) * perCall);
        figures.Add("  native", (parts.NativeKb - partsBefore.NativeKb) * perCall);
        figures.Add("  of files", (parts.FileKb - partsBefore.FileKb) * perCall);
        figures.Add("node CPU ms per s while held", heldCpu);
        await ClaimSocketsAsync(context, up, before, held, figures);
        driver.HangUp();
        driver.Finish(TimeSpan.FromSeconds((count / rate) + 60));
        CallsScenario.Report(context, driver, plan, figures);
    }

    // Those of the set-up would count as calls' memory. What they leave behind is kept for others, and does.
    private static async Task<double> AwaitNoTransactionsAsync(ScenarioContext context)
    {
        var watch = Stopwatch.StartNew();
        while ((await context.CountersAsync(NodeCounters.Transactions)).Sum > 0)
        {
            if (watch.Elapsed > LingerLimit) throw new LoadTestException("the node keeps its transactions");
            // Between looks at the metrics, which cost the node something.
            await Task.Delay(500);
        }
        return watch.Elapsed.TotalSeconds;
    }

    // All media sockets are open from the start; a call borrows two pairs, or none when its media goes past the node.
    private static async Task ClaimSocketsAsync(
        ScenarioContext context, int up, ProcessSample before, ProcessSample held, Figures figures)
    {
        var sessions = await context.Api.RelaySessionsAsync();
        figures.Add("media sessions held", sessions);
        figures.Add("descriptors that the calls opened", held.Descriptors - before.Descriptors);
        var wanted = context.Options.TrunkMedia == "direct" ? 0 : up;
        context.Findings.Claim($"{wanted} media sessions for {up} calls", sessions == wanted, $"{sessions}");
    }

    private static double CpuMsPerSec(ProcessSample before, ScenarioContext context) =>
        (ProcessSample.Take(context.Product.NodePid).CpuUs - before.CpuUs) / 1000 / Rest.TotalSeconds;
}
