using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>So many calls held, nothing said: what a call takes of memory, and of CPU while nothing happens.</summary>
internal static class IdleScenario
{
    private const double SetupRatePerSec = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(ScenarioContext context)
    {
        var count = context.Options.Calls(1000);
        await context.StartProductAsync();
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
    }

    private static async Task HoldAsync(ScenarioContext context, int count, Figures figures)
    {
        var before = ProcessSample.Take(context.Product.NodePid);
        var plan = context.Plan(count, SetupRatePerSec, CallPlan.HoldForever);
        using var driver = new CallDriver(plan);
        driver.Start();
        driver.WaitSettled(TimeSpan.FromSeconds((count / SetupRatePerSec) + 60));
        await Task.Delay(Rest);
        var held = ProcessSample.Take(context.Product.NodePid);
        await Task.Delay(Rest);
        var heldCpu = CpuMsPerSec(held, context);
        var up = driver.CallerParty.Calls.Count(call => call.State == CallerState.Up);
        figures.Add("calls held", up);
        figures.Add("node PSS MB before", before.PssKb / 1024.0);
        figures.Add("node PSS MB with the calls", held.PssKb / 1024.0);
        figures.Add("PSS kB per call", (double)(held.PssKb - before.PssKb) / Math.Max(1, up));
        figures.Add("node CPU ms per s while held", heldCpu);
        await ClaimSocketsAsync(context, up, before, held, figures);
        driver.HangUp();
        driver.Finish(TimeSpan.FromSeconds((count / SetupRatePerSec) + 60));
        CallsScenario.Report(context, driver, plan, figures);
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
