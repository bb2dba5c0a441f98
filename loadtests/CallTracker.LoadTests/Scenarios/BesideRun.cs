using System.Globalization;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// Runs the well-known servers under the same load, with the scripts beside rtpload.c, and prints their figures below
/// ours: <c>--beside kamailio</c>, which means Kamailio for calls and rtpengine for media. Stateless.
/// </summary>
internal static class BesideRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(string scenario, ScenarioContext context)
    {
        var options = context.Options;
        if (options.Beside.Length == 0) return;
        if (options.Beside != "kamailio") throw new LoadTestException("--beside knows kamailio only");
        var (program, script) = scenario switch
        {
            "calls" => ("kamailio", "run_sip.py"),
            "media" => ("rtpengine", "run_rtp.py"),
            _ => throw new LoadTestException("--beside goes with calls and media"),
        };
        var folder = Path.GetFullPath(options.BenchFolder, ProductRun.FindRoot());
        if (!Shell.Exists(program) || !File.Exists(Path.Combine(folder, script)))
        {
            Console.WriteLine($"\nbeside: {program} or {script} is not there; nothing to compare with");
            return;
        }
        // The product must not share the processors with the other.
        await context.StopProductAsync();
        var work = Directory.CreateTempSubdirectory("calltracker-beside-").FullName;
        var output = Path.Combine(work, "results.jsonl");
        var reps = options.Reps.ToString(CultureInfo.InvariantCulture);
        var secs = options.Secs.ToString(CultureInfo.InvariantCulture);
        string[] arguments = scenario == "calls"
            ? ["run", "--variant", "A", "--rate", $"{options.RatePerSec:F0}", "--hold", $"{options.HoldMs}"]
            : ["suite", "--only", "rtpengine", "--calls", $"{options.Calls(500)}"];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["BENCH_BIN"] = work };
        if (scenario == "media") await Media.RtpLoad.TryMakeAsync(options, work);
        await PythonAsync([Path.Combine(folder, script), .. arguments, "--secs", secs, "--reps", reps, "-o", output]);
        Console.WriteLine($"\nbeside: {program} under the same load ({script})");
        Console.WriteLine(await PythonAsync([Path.Combine(folder, script), "table", output]));
        Directory.Delete(work, recursive: true);

        async Task<string> PythonAsync(string[] words)
        {
            var (code, text) = await Shell.RunAsync(["python3", .. words], work, environment, Limit);
            return code == 0 ? text : throw new LoadTestException($"{script}: {text}");
        }
    }
}
