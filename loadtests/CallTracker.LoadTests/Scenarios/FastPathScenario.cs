using System.Globalization;
using System.Text.Json;
using CallTracker.LoadTests.FastPath;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// What a relayed packet costs the whole machine, in network namespaces: the kernel fast path, this relay without it,
/// the bare C relay and rtpengine in userspace, in turns, less what the far ends cost without any relay.
/// </summary>
internal static class FastPathScenario
{
    private const double LossShareMax = 0.0001;
    private const double ShareOfBareMax = 0.2;
    private const double ShareOfOtherMax = 0.15;
    private const string Bare = "bare C";
    private const string Other = "rtpengine";
    private const double Latency99UsMax = 200;

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        var calls = options.Calls(1000);
        var folder = Directory.CreateTempSubdirectory("calltracker-fastpath-").FullName;
        var generator = await CompileAsync(folder);
        var bare = await RelayUnderTest.CompileBareAsync(options, folder);
        var other = await RtpengineInLab.TryPrepareAsync(options, folder);
        using var lab = new NamespaceLab();
        var figures = new Figures($"fastpath: {calls} calls, 50 packets/s each way for {options.Secs} s");
        for (var rep = 1; rep <= options.Reps; rep++)
        {
            var none = await Measure("none", pairs: "-");
            var fast = RelayUnderTest.Own(lab, folder, calls, isFast: true);
            using (fast) Compare("kernel", none, await Measure("kernel", fast.Pairs));
            Console.WriteLine($"       {fast.Report}");
            using (var relay = RelayUnderTest.Own(lab, folder, calls, isFast: false))
                Compare("userspace", none, await Measure("userspace", relay.Pairs));
            if (bare is not null)
            {
                using var relay = RelayUnderTest.Bare(lab, bare, folder, calls);
                Compare(Bare, none, await Measure(Bare, relay.Pairs));
            }
            if (other is not null)
            {
                using var relay = await other.StartAsync(lab, calls);
                Compare(Other, none, await Measure(Other, relay.Pairs));
            }

            async Task<NamespaceResult> Measure(string name, string pairs)
            {
                var result = await RunAsync(generator, lab, pairs, calls, options.Secs);
                figures.Add($"{name}: machine µs per packet", result.BusyUs);
                figures.Add($"{name}: latency 99 % µs", result.Latency99Us);
                figures.Add($"{name}: processors busy before", result.ForeignProcessors);
                Claim(context, $"run {rep}, {name}", result, isStrict: name is "none" or "kernel");
                return result;
            }
        }
        figures.Print();
        JudgeLatency(context, figures);
        if (bare is not null) JudgeShare(context, figures, Bare, ShareOfBareMax);
        if (other is not null) JudgeShare(context, figures, Other, ShareOfOtherMax);
        Directory.Delete(folder, recursive: true);

        void Compare(string name, NamespaceResult none, NamespaceResult relayed) =>
            figures.Add($"{name}: added by the relay", relayed.BusyUs - none.BusyUs);
    }

    private static void Claim(ScenarioContext context, string run, NamespaceResult result, bool isStrict)
    {
        var lost = result.Sent - result.Received;
        var holds = result.Received > 0 && result.Misrouted == 0 && result.SilentStreams == 0
            && (lost <= result.Sent * LossShareMax || !isStrict);
        context.Findings.Claim($"{run}: packets arrive, at the right party", holds,
            $"{lost} of {result.Sent} lost, {result.Misrouted} misrouted, {result.SilentStreams} streams silent");
    }

    private static void JudgeLatency(ScenarioContext context, Figures figures)
    {
        var latencyUs = figures.MedianOf("kernel: latency 99 % µs");
        context.Findings.Claim(
            $"the kernel's latency at 99 % is under {Latency99UsMax} µs", latencyUs < Latency99UsMax,
            $"{latencyUs:F0}");
    }

    private static void JudgeShare(ScenarioContext context, Figures figures, string relay, double shareMax)
    {
        var share = figures.MedianOf("kernel: added by the relay") / figures.MedianOf($"{relay}: added by the relay");
        // Less than nothing is what a machine that others use shows.
        context.Findings.Claim(
            $"the kernel adds at most {shareMax} of what {relay} adds", share > 0 && share <= shareMax,
            share.ToString("F3", CultureInfo.InvariantCulture));
    }

    private static async Task<string> CompileAsync(string folder)
    {
        var source = Path.Combine(
            ProductRun.FindRoot(), "loadtests", "CallTracker.LoadTests", "FastPath", "nsload.c");
        var program = Path.Combine(folder, "nsload");
        var (code, output) = await Shell.RunAsync(
            ["cc", "-O2", source, "-o", program], folder, environment: null, TimeSpan.FromSeconds(60));
        return code == 0 ? program : throw new LoadTestException($"nsload.c: {output}");
    }

    private static async Task<NamespaceResult> RunAsync(
        string generator, NamespaceLab lab, string pairs, int calls, int secs)
    {
        string[] command =
        [
            generator, lab.A, lab.B, pairs, calls.ToString(CultureInfo.InvariantCulture),
            secs.ToString(CultureInfo.InvariantCulture),
        ];
        var (code, output) = await Shell.RunAsync(command, "/", environment: null, TimeSpan.FromSeconds(secs + 30));
        if (code != 0) throw new LoadTestException($"nsload: {output}");
        return JsonSerializer.Deserialize<NamespaceResult>(output) ?? new NamespaceResult();
    }
}
