using System.Globalization;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Media;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Safety;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Calls with audio, first undisturbed, then while all media ports get packets of every kind from made-up sources, from
/// before the first INVITE to after the last BYE: nothing is leaked, nothing injected, the calls are what they were.
/// </summary>
internal static class SprayScenario
{
    private const double SetupRatePerSec = 50;
    private const double LossShareMax = 0.0001;
    private const double RateShareMin = 0.9;

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        var folder = Directory.CreateTempSubdirectory("calltracker-spray-").FullName;
        var generator = await RtpLoad.TryMakeAsync(options, folder);
        var program = await SprayProgram.CompileAsync(folder);
        await context.StartProductAsync();
        var figures = new Figures(string.Create(
            CultureInfo.InvariantCulture,
            $"spray: {options.Calls(100)} calls for {options.Secs} s; calm, then {options.SprayPerSec} packets/s"));
        using var ears = new RtcpEars(options.MediaPort);
        ears.Prove();
        for (var rep = 1; rep <= options.Reps; rep++)
        {
            await CallsAsync(context, generator, folder, figures, $"run {rep}, calm");
            var before = await ReadAsync(context);
            using var spray = SprayProgram.Start(program, options);
            await CallsAsync(context, generator, folder, figures, $"run {rep}, sprayed");
            Judge(context, figures, spray.End(), rep);
            JudgeRtcp(context, ears, rep);
            foreach (var (reason, count) in (await ReadAsync(context)).Since(before))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"       {reason}: {count:F0}"));
        }
        figures.Print();
        Directory.Delete(folder, recursive: true);
    }

    private static Task<NodeCounters> ReadAsync(ScenarioContext context) =>
        context.CountersAsync(NodeCounters.MediaDrops);

    private static void Judge(ScenarioContext context, Figures figures, SprayResult result, int rep)
    {
        figures.Add("packets/s sprayed", result.Sent / result.Secs);
        context.Findings.Claim(
            $"run {rep}: the spray reached its rate",
            result.Sent / result.Secs >= context.Options.SprayPerSec * RateShareMin,
            string.Create(CultureInfo.InvariantCulture, $"{result.Sent / result.Secs:F0}/s, {result.Sent} in all"));
        context.Findings.Claim($"run {rep}: nothing leaked", result.Leaked == 0, $"{result.Leaked} packets");
    }

    // The node's own reports show that the ears hear.
    private static void JudgeRtcp(ScenarioContext context, RtcpEars ears, int rep) => context.Findings.Claim(
        $"run {rep}: the parties' RTCP ports get reports and nothing that was sprayed",
        ears.Reports > 0 && ears.Injected == 0, $"{ears.Reports} reports so far, {ears.Injected} injected");

    private static async Task CallsAsync(
        ScenarioContext context, RtpLoad? generator, string folder, Figures figures, string name)
    {
        var options = context.Options;
        var plan = context.Plan(options.Calls(100), SetupRatePerSec, CallPlan.HoldForever);
        var limit = TimeSpan.FromSeconds((plan.Count / SetupRatePerSec) + 60);
        using var driver = new CallDriver(plan);
        driver.Start();
        driver.WaitSettled(limit);
        var lines = PairsFile.Lines(driver, plan);
        context.Findings.Claim($"{name}: all {plan.Count} calls are up", lines.Count == 2 * plan.Count);
        var pairs = Path.Combine(folder, "pairs");
        await File.WriteAllLinesAsync(pairs, lines);
        var before = ProcessSample.Take(context.Product.NodePid);
        var result = generator is null
            ? OwnRtpLoad.Run(lines, options.Secs, context.Product.NodePid)
            : await generator.RunAsync(pairs, options.Secs, context.Product.NodePid);
        var cpuUs = ProcessSample.Take(context.Product.NodePid).CpuUs - before.CpuUs;
        driver.HangUp();
        driver.Finish(limit);
        figures.Add($"{Kind(name)}: node CPU ms/s", cpuUs / 1000 / options.Secs);
        figures.Add($"{Kind(name)}: latency 99 % µs", result.Latency99Us);
        Claim(context, result, name);
        await CheckRowsAsync(context, plan, figures, name);
    }

    private static void Claim(ScenarioContext context, RtpResult result, string name)
    {
        var lost = result.Sent - result.Received;
        context.Findings.Claim(
            $"{name}: every packet arrives, at the right party, and no other",
            lost <= result.Sent * LossShareMax && result.Misrouted == 0 && result.Foreign == 0 && result.Sent > 0,
            $"{lost} of {result.Sent} lost, {result.Misrouted} misrouted, {result.Foreign} injected");
    }

    private static async Task CheckRowsAsync(ScenarioContext context, CallPlan plan, Figures figures, string name)
    {
        await context.Api.AwaitRowsAsync(context.Placed, TimeSpan.FromSeconds(30));
        var own = Enumerable.Range(0, plan.Count).Select(plan.CallerNumber).ToHashSet(StringComparer.Ordinal);
        var rows = (await context.Api.ReadRowsAsync()).Where(row => own.Contains(row.Caller)).ToArray();
        var packets = rows.Sum(row => row.InboundPackets + row.OutboundPackets);
        var lost = rows.Sum(row => row.InboundLost + row.OutboundLost);
        var jitterUs = rows.Average(row => (row.InboundJitterUs + row.OutboundJitterUs) / 2.0);
        figures.Add($"{Kind(name)}: jitter by the log µs", jitterUs);
        context.Findings.Claim(
            $"{name}: by the log no call lost audio", rows.Length == plan.Count && lost <= packets * LossShareMax,
            $"{lost} of {packets}");
    }

    private static string Kind(string name) => name[(name.LastIndexOf(' ') + 1)..];
}
