using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Rates upwards until calls fail, SIPp on both sides of the same machine: the highest clean rate. What SIPp needs
/// itself is part of the answer; <c>--direct</c> shows that alone.
/// </summary>
internal static class RampScenario
{
    private const double Growth = 1.15;
    private const double FailedShareMax = 0.001;
    private const double KeptShareMin = 0.95;
    private const int WarmUpCount = 12_000;
    private const double WarmUpRate = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(6);

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        if (!options.IsDirect)
        {
            await context.StartProductAsync();
            // Methods not yet compiled would be what the first rate fails by.
            CallsScenario.RunDriver(context, context.Plan(WarmUpCount, WarmUpRate, 200), new Figures("warm-up"));
        }
        var figures = new Figures($"ramp, media {options.TrunkMedia}: the highest clean rate, and a call's cost there");
        var (best, cost) = (0.0, 0.0);
        for (var rate = options.RatePerSec; rate < 20_000; rate *= Growth)
        {
            var before = options.IsDirect ? null : ProcessSample.Take(context.Product.NodePid);
            var machine = MachineCpu.Take();
            var folder = Directory.CreateTempSubdirectory("calltracker-ramp-").FullName;
            var plan = context.Plan((int)(rate * options.Secs), rate, 0);
            var result = await new SippPair(plan, folder, hasRtp: false).RunAsync();
            var busy = 100 * MachineCpu.Take().BusySince(machine);
            // What SIPp did not expect is in its error file.
            if (result.Failed == 0) Directory.Delete(folder, recursive: true);
            else await Console.Error.WriteLineAsync($"kept: {folder}");
            var placed = Figures.Median(result.Seconds.Where(s => s.Placed > 0).Select(s => (double)s.Placed));
            var costUs = before is null
                ? 0
                : (ProcessSample.Take(context.Product.NodePid).CpuUs - before.CpuUs) / plan.Count;
            Console.WriteLine(
                $"       {rate:F0} calls/s: {placed:F0} placed, {result.Failed} failed, "
                + $"{result.Retransmissions} retransmissions, {costUs:F0} µs of the node, machine {busy:F0} % busy");
            if (result.Failed > plan.Count * FailedShareMax || placed < rate * KeptShareMin) break;
            (best, cost) = (placed, costUs);
            await Task.Delay(Pause);
        }
        figures.Add("highest clean rate, calls/s", best);
        figures.Add("node CPU µs per call there", cost);
        figures.Print();
    }
}
