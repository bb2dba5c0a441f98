using CallTracker.LoadTests.Measure;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Rates upwards until calls fail, SIPp on both sides of the same machine: the highest clean rate. What SIPp needs
/// itself is part of the answer; <c>--direct</c> shows that alone.
/// </summary>
internal static class RampScenario
{
    private const double Growth = 1.15;
    private const double RateMax = 20_000;
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
        for (var rate = options.RatePerSec; rate < RateMax; rate *= Growth)
        {
            var step = await RampStep.RunAsync(context, rate);
            step.Print();
            if (step.Failed > step.Calls * FailedShareMax || step.PlacedPerSec < rate * KeptShareMin) break;
            (best, cost) = (step.PlacedPerSec, step.NodeUsPerCall);
            await Task.Delay(Pause);
        }
        figures.Add("highest clean rate, calls/s", best);
        figures.Add("node CPU µs per call there", cost);
        figures.Print();
    }
}
