using System.Globalization;
using System.Text.Json;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;
using CallTracker.LoadTests.Sipp;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// The same calls through this product and through Kamailio (stateful proxy, Redis look-up, record-route), alone and
/// with rtpengine, in turns: what a call costs each of them in CPU time. Like with like: against Kamailio alone the
/// media of the node's calls go past it too, against both it anchors them. Databases are nobody's cost here; the node's
/// writing of the record is the node's.
/// </summary>
internal static class VersusScenario
{
    private const int WarmUpSec = 100;
    private const double SignallingBar = 0.6;
    private const double MediaBar = 0.25;
    private const string Ours = "node, media direct";
    private const string OursAndMedia = "node, media anchored";
    private const string Proxy = "Kamailio";
    private const string ProxyAndMedia = "Kamailio + rtpengine";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        var script = Path.Combine(Path.GetFullPath(options.BenchFolder, ProductRun.FindRoot()), "run_sip.py");
        if (!Shell.Exists("kamailio") || !Shell.Exists("rtpengine") || !File.Exists(script))
            throw new LoadTestException($"versus needs kamailio, rtpengine and {script}");
        var figures = new Figures($"versus: {options.RatePerSec} calls/s for {options.Secs} s, SIPp on both sides");
        for (var rep = 1; rep <= options.Reps; rep++)
        {
            var ours = await RunOursAsync(context, figures, rep, "direct", Ours);
            var proxy = await RunTheirsAsync(context, script, "A", figures, Proxy);
            var oursAndMedia = await RunOursAsync(context, figures, rep, "anchored", OursAndMedia);
            var proxyAndMedia = await RunTheirsAsync(context, script, "B", figures, ProxyAndMedia);
            figures.Add($"{Ours} / {Proxy}", ours / proxy);
            figures.Add($"{OursAndMedia} / {Proxy}", oursAndMedia / proxy);
            figures.Add($"{OursAndMedia} / {ProxyAndMedia}", oursAndMedia / proxyAndMedia);
        }
        figures.Print();
        Claim(context, figures, Ours, Proxy, SignallingBar);
        Claim(context, figures, OursAndMedia, ProxyAndMedia, MediaBar);
    }

    private static async Task<double> RunOursAsync(
        ScenarioContext context, Figures figures, int rep, string media, string name)
    {
        var options = context.Options;
        await context.StartProductAsync(media, []);
        // In a process's first minute the compiler works, tables that keep what ended for half a minute are touched for
        // the first time, and all workers share the calls that one can carry: no cost of a call.
        await FloodAsync(context, Math.Max(WarmUpSec, options.Secs));
        var before = ProcessSample.Take(context.Product.NodePid);
        var result = await FloodAsync(context, options.Secs);
        var after = ProcessSample.Take(context.Product.NodePid);
        var calls = (int)(options.RatePerSec * options.Secs);
        var userUs = (after.UserUs - before.UserUs) / calls;
        var cpuUs = (after.CpuUs - before.CpuUs) / calls;
        AddCost(figures, name, userUs, cpuUs);
        context.Findings.Claim(
            $"run {rep}: all {calls} calls succeed through the {name}", result.Successful == calls,
            $"{result.Successful}, {result.Retransmissions} retransmissions");
        await context.StopProductAsync();
        return cpuUs;
    }

    private static async Task<SippResult> FloodAsync(ScenarioContext context, int secs)
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-versus-").FullName;
        var rate = context.Options.RatePerSec;
        var result = await new SippPair(context.Plan((int)(rate * secs), rate, 0), folder, hasRtp: false).RunAsync();
        Directory.Delete(folder, recursive: true);
        return result;
    }

    private static async Task<double> RunTheirsAsync(
        ScenarioContext context, string script, string variant, Figures figures, string name)
    {
        var options = context.Options;
        var work = Directory.CreateTempSubdirectory("calltracker-versus-").FullName;
        var output = Path.Combine(work, "results.jsonl");
        string[] command =
        [
            "python3", script, "run", "--variant", variant, "--rate", Text(options.RatePerSec),
            "--secs", Text(options.Secs), "--reps", "1", "-o", output,
        ];
        var (code, text) = await Shell.RunAsync(command, work, environment: null, Limit);
        if (code != 0) throw new LoadTestException($"{script}: {text}");
        using var json = JsonDocument.Parse(File.ReadLines(output).Last());
        var root = json.RootElement;
        // Their CPU seconds for 1000 calls are the milliseconds of one; the parts are of the whole run.
        var cpuUs = 1000 * (Number(root, "proxy_cpu_per_1000") + Number(root, "rtpengine_cpu_per_1000"));
        var (userSec, systemSec) = (Both(root, "user"), Both(root, "sys"));
        AddCost(figures, name, cpuUs * userSec / Math.Max(0.01, userSec + systemSec), cpuUs);
        context.Findings.Claim(
            $"variant {variant}: their calls succeed, too", root.GetProperty("failed_pct").GetDouble() < 0.1,
            $"{root.GetProperty("failed").GetInt32()} failed");
        Directory.Delete(work, recursive: true);
        return cpuUs;
    }

    private static void AddCost(Figures figures, string name, double userUs, double cpuUs)
    {
        figures.Add($"{name}, CPU µs per call", cpuUs);
        figures.Add($"{name}, user", userUs);
        figures.Add($"{name}, system", Math.Max(0, cpuUs - userUs));
    }

    private static void Claim(ScenarioContext context, Figures figures, string ours, string other, double bar)
    {
        // Of what ran one after the other; the machine's mood of an hour ago is not in it.
        var ratio = figures.MedianOf($"{ours} / {other}");
        context.Findings.Claim(
            string.Create(CultureInfo.InvariantCulture, $"{ours}, takes at most {bar} of {other}, in the median"),
            ratio <= bar, ratio.ToString("F2", CultureInfo.InvariantCulture));
    }

    private static double Both(JsonElement root, string part) =>
        Number(root, $"proxy_{part}") + Number(root, $"rtpengine_{part}");

    private static double Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var cost) ? cost.GetDouble() : 0;

    private static string Text(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
