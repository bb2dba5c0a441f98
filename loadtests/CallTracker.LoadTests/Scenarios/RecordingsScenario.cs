using System.Globalization;
using CallTracker.LoadTests.FastPath;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Media;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// So many calls recorded on both sides at once, relay and recorder in one process without signalling: that no packet
/// finds the recorder without room, and what recording adds to a relayed packet.
/// </summary>
internal static class RecordingsScenario
{
    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        var count = options.Calls(1000);
        var folder = Directory.CreateTempSubdirectory("calltracker-recordings-").FullName;
        var generator = await RtpLoad.TryMakeAsync(options, folder);
        var figures = new Figures($"recordings: {count} calls, both sides, 50 packets/s each way for {options.Secs} s");
        for (var rep = 1; rep <= options.Reps; rep++)
        {
            var files = Path.Combine(folder, "files");
            var plain = await MeasureAsync(recordings: null);
            var recorded = await MeasureAsync(files);
            figures.Add("relayed alone, CPU µs per packet", plain.Result.RelayUsPerPacket);
            figures.Add("recorded too, CPU µs per packet", recorded.Result.RelayUsPerPacket);
            figures.Add("latency 99 % µs, alone", plain.Result.Latency99Us);
            figures.Add("latency 99 % µs, recorded", recorded.Result.Latency99Us);
            figures.Add("RSS MB, recorded", recorded.Result.RelayRssKb / 1024.0);
            Report(context, figures, recorded.Result, recorded.Report, count, rep);
            Directory.Delete(files, recursive: true);
        }
        figures.Print();
        Directory.Delete(folder, recursive: true);

        async Task<(RtpResult Result, string Report)> MeasureAsync(string? recordings)
        {
            var relay = RelayUnderTest.Alone(folder, count, recordings);
            RtpResult result;
            using (relay)
            {
                result = generator is null
                    ? OwnRtpLoad.Run([.. await File.ReadAllLinesAsync(relay.Pairs)], options.Secs, relay.Pid)
                    : await generator.RunAsync(relay.Pairs, options.Secs, relay.Pid);
            }
            return (result, relay.Report);
        }
    }

    private static void Report(
        ScenarioContext context, Figures figures, RtpResult result, string report, int count, int rep)
    {
        var words = report[Math.Max(0, report.LastIndexOf("recordings ", StringComparison.Ordinal))..]
            .Split([' ', '\n']);
        var dropped = Number(words, "dropped");
        var lost = result.Sent - result.Received;
        figures.Add("packets sent", result.Sent);
        figures.Add("packets lost on the way", lost);
        figures.Add("packets recorded", Number(words, "packets"));
        figures.Add("packets without room", dropped);
        figures.Add("MB written", Number(words, "bytes") / 1e6);
        context.Findings.Claim(
            $"run {rep}: {count} recordings, none without a packet that came",
            dropped == 0 && Number(words, "missing_ms") == 0 && Number(words, "complete") == count
            && Number(words, "packets") >= result.Received,
            $"{Number(words, "complete")} complete, {dropped} packets without room, {lost} lost by the network");
    }

    private static long Number(string[] words, string name)
    {
        var at = Array.IndexOf(words, name);
        return at >= 0 && at + 1 < words.Length
            && long.TryParse(words[at + 1], CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
