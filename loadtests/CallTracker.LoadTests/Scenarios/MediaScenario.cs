using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Media;
using CallTracker.LoadTests.Sip;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// So many calls up, each with 50 packets a second both ways: what a relayed packet costs, and that none is lost.
/// </summary>
internal static class MediaScenario
{
    private const double SetupRatePerSec = 100;
    // The kernel drops what a scheduler's pause lets overflow; more than this is the relay's doing.
    private const double LossShareMax = 0.0001;

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        await context.StartProductAsync();
        var count = options.Calls(500);
        var folder = Directory.CreateTempSubdirectory("calltracker-media-").FullName;
        var generator = await RtpLoad.TryMakeAsync(options, folder);
        var name = generator is null ? "the own generator" : "rtpload";
        var figures = new Figures($"media: {count} calls, 50 packets/s each way for {options.Secs} s by {name}");
        var plan = context.Plan(count, SetupRatePerSec, CallPlan.HoldForever);
        using (var driver = new CallDriver(plan))
        {
            driver.Start();
            driver.WaitSettled(TimeSpan.FromSeconds((count / SetupRatePerSec) + 60));
            var lines = PairsFile.Lines(driver, plan);
            context.Findings.Claim($"all {count} calls are up", lines.Count == 2 * count, $"{lines.Count / 2}");
            if (lines.Count == 0) return;
            var pairs = Path.Combine(folder, "pairs");
            await File.WriteAllLinesAsync(pairs, lines);
            for (var rep = 1; rep <= options.Reps; rep++)
            {
                var result = generator is null
                    ? OwnRtpLoad.Run(lines, options.Secs, context.Product.NodePid)
                    : await generator.RunAsync(pairs, options.Secs, context.Product.NodePid);
                Report(context, figures, result, rep);
            }
            driver.HangUp();
            driver.Finish(TimeSpan.FromSeconds((count / SetupRatePerSec) + 60));
            CallsScenario.Report(context, driver, plan, figures);
        }
        await CheckRowsAsync(context);
        figures.Print();
        Directory.Delete(folder, recursive: true);
    }

    private static void Report(ScenarioContext context, Figures figures, RtpResult result, int rep)
    {
        var lost = result.Sent - result.Received;
        figures.Add("packets sent", result.Sent);
        figures.Add("packets lost", lost);
        figures.Add("node CPU µs per packet", result.RelayUsPerPacket);
        figures.Add("latency median µs", result.LatencyMedianUs);
        figures.Add("latency 99 % µs", result.Latency99Us);
        figures.Add("node RSS MB", result.RelayRssKb / 1024.0);
        context.Findings.Claim(
            $"run {rep}: packets arrive, at the right party",
            result.Sent > 0 && lost <= result.Sent * LossShareMax && result.Misrouted == 0 && result.SilentStreams == 0,
            $"{lost} of {result.Sent} lost, {result.Misrouted} misrouted, {result.SilentStreams} streams silent");
    }

    private static async Task CheckRowsAsync(ScenarioContext context)
    {
        var (rows, distinct) = await context.Api.AwaitRowsAsync(context.Placed, TimeSpan.FromSeconds(30));
        var isGood = rows == context.Placed && distinct == rows;
        context.Findings.Claim($"one row for each of {context.Placed} calls", isGood, $"{rows}, {distinct} distinct");
        var log = await context.Api.ReadRowsAsync();
        var packets = log.Sum(row => row.InboundPackets + row.OutboundPackets);
        var relayed = log.Sum(row => row.InboundRelayed + row.OutboundRelayed);
        context.Findings.Claim("by the log every packet was relayed", packets == relayed, $"{relayed} of {packets}");
    }
}
