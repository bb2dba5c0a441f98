using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// What ended transactions cost that still answer retransmissions: memory with calls coming at a low and at a high
/// rate, each for longer than any transaction lingers, over the difference of the rates.
/// </summary>
internal static class LingerScenario
{
    // Timers D, H and J are 32 s.
    private const int Secs = 45;
    private const double LowRate = 50;
    // A node grows by some 15 MB in its first minutes anyway; a small difference of rates would show little but that.
    private const double HighRateMin = 1000;
    private const double MbPerCallPerSecMax = 0.1;

    public static async Task RunAsync(ScenarioContext context)
    {
        await context.StartProductAsync(ProductRun.WithoutTraces);
        var high = Math.Max(HighRateMin, context.Options.RatePerSec);
        var figures = new Figures($"linger: calls that end at once, at {LowRate} and at {high} calls/s");
        var (low, lowParts) = await RunAsync(context, LowRate);
        var (top, topParts) = await RunAsync(context, high);
        var perRate = PerRate(low.PssKb, top.PssKb);
        figures.Add("PSS MB at the low rate", low.PssKb / 1024.0);
        figures.Add("PSS MB at the high rate", top.PssKb / 1024.0);
        figures.Add("MB per call/s", perRate);
        figures.Add("  in the collector's heap", PerRate(lowParts.ManagedKb, topParts.ManagedKb));
        figures.Add("  native", PerRate(lowParts.NativeKb, topParts.NativeKb));
        figures.Add("  of files", PerRate(lowParts.FileKb, topParts.FileKb));
        figures.Print();
        context.Findings.Claim(
            "ended transactions cost under 0.1 MB per call/s", perRate < MbPerCallPerSecMax, $"{perRate:F3} MB");

        double PerRate(long lowKb, long highKb) => (highKb - lowKb) / 1024.0 / (high - LowRate);
    }

    private static async Task<(ProcessSample Sample, MemoryParts Parts)> RunAsync(ScenarioContext context, double rate)
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-linger-").FullName;
        var plan = context.Plan((int)(rate * Secs), rate, 0);
        var result = await new SippPair(plan, folder, hasRtp: false) { Nice = SippPair.Ahead }.RunAsync();
        // At once: what lingers is still there.
        var pid = context.Product.NodePid;
        var (sample, parts) = (ProcessSample.Take(pid), MemoryParts.Take(pid));
        context.Findings.Claim(
            $"all {plan.Count} calls at {rate}/s succeed", result.Successful == plan.Count, $"{result.Failed} failed");
        if (result.Failed == 0) Directory.Delete(folder, recursive: true);
        else await Console.Error.WriteLineAsync($"kept: {folder}");
        return (sample, parts);
    }
}
