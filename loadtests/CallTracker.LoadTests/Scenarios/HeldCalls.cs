using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Media;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Calls of a carrier of their own that are up while others are refused, with a little audio both ways. One
/// scenario's.
/// </summary>
internal sealed class HeldCalls : IDisposable
{
    // Enough to see harm; at 50 it would be a load of its own beside what is tested.
    private const int PacketsPerSec = 5;
    private const double SetupRatePerSec = 50;
    private const double LossShareMax = 0.001;
    private readonly ScenarioContext _context;
    private readonly CallDriver _driver;
    private readonly CancellationTokenSource _end = new();
    private readonly Task<RtpResult> _audio;

    private HeldCalls(ScenarioContext context, CallDriver driver, List<string> pairs)
    {
        (_context, _driver) = (context, driver);
        _audio = Task.Factory.StartNew(
            () => OwnRtpLoad.Run(pairs, PacketsPerSec, context.Product.NodePid, _end.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Places them and waits until they are up.</summary>
    public static HeldCalls Start(ScenarioContext context, int count)
    {
        var plan = context.CellPlan(1, count, SetupRatePerSec, CallPlan.HoldForever);
        var driver = new CallDriver(plan);
        driver.Start();
        driver.WaitSettled(TimeSpan.FromSeconds(30));
        var pairs = PairsFile.Lines(driver, plan);
        if (pairs.Count == 2 * count) return new HeldCalls(context, driver, pairs);
        driver.Dispose();
        throw new LoadTestException($"{pairs.Count / 2} of {count} calls came up");
    }

    /// <summary>Hangs up and claims that nothing happened to them.</summary>
    public async Task EndAsync(Figures figures)
    {
        await _end.CancelAsync();
        var audio = await _audio;
        _driver.HangUp();
        _driver.Finish(TimeSpan.FromSeconds(60));
        var calls = _driver.CallerParty.Calls;
        var well = calls.Count(call => call.State == CallerState.Done);
        _context.Findings.Claim(
            $"all {calls.Count} running calls live on and end well", well == calls.Count, $"{well}");
        var lost = audio.Sent - audio.Received;
        _context.Findings.Claim(
            "their audio arrives", audio.Sent > 0 && lost <= audio.Sent * LossShareMax && audio.Misrouted == 0,
            $"{lost} of {audio.Sent} packets lost");
        figures.Add("running calls' packets, 99 % ms", audio.Latency99Us / 1000);
    }

    public void Dispose()
    {
        _end.Cancel();
        _driver.Dispose();
        _end.Dispose();
    }
}
