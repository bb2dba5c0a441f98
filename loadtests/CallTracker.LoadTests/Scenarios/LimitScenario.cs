using System.Globalization;
using System.Text.Json;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Media;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// What a relayed packet costs on loopback: this relay as it is, at real-time priority and by epoll, the bare C relay
/// (connected sockets, epoll) and rtpengine in userspace, in turns, under the same generator, by the scripts beside
/// rtpload.c. Against bare C each relay has a core of its own, as the generator has: who happens to share the
/// generator's core is a third cheaper, whoever it is.
/// </summary>
internal static class LimitScenario
{
    private const string Own = "ours";
    private const string OwnFirst = "ours, real time";
    private const string OwnByEpoll = "ours by epoll";
    private const string OwnBound = "ours, bound";
    private const string Bare = "bare C";
    private const string BareBound = "bare C, bound";
    private const string Other = "rtpengine";
    private const double ShareOfOtherMax = 0.5;
    private const double ShareOfBareMax = 1.15;
    private const double Latency99UsMax = 1000;
    private const double KeepsUpUsMax = 100_000;
    private const double LossShareMax = 0.0001;
    // The claim of latency is for so many calls.
    private const int LatencyCalls = 1000;
    // What a busy host takes makes packets late and caches cold: such a run is made again.
    private const double StolenSecMax = 0.1;
    private const int TriesMax = 3;
    private static readonly int[] s_usualCalls = [500, 1000, 2000];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(ScenarioContext context)
    {
        var options = context.Options;
        var bench = Path.GetFullPath(options.BenchFolder, ProductRun.FindRoot());
        if (!File.Exists(Path.Combine(bench, "run_rtp.py"))) throw new LoadTestException($"no run_rtp.py in {bench}");
        var work = Directory.CreateTempSubdirectory("calltracker-limit-").FullName;
        _ = await RtpLoad.TryMakeAsync(options, work) ?? throw new LoadTestException("rtpload.c or cc is missing");
        await WriteFirstAsync(work);
        var kinds = await KindsAsync(bench, work);
        int[] sizes = options.HasCalls ? [options.Calls(0)] : s_usualCalls;
        Figures? kept = null;
        foreach (var calls in sizes)
        {
            var figures = new Figures($"limit: {calls} calls, 50 packets/s each way for {options.Secs} s, in turns");
            for (var rep = 1; rep <= options.Reps; rep++)
            {
                foreach (var (name, arguments) in kinds)
                {
                    var bin = name == OwnFirst ? FirstFolder(work) : work;
                    var result = await MeasureInPeaceAsync(options, bench, bin, calls, arguments);
                    Report(context, figures, result, $"{calls} calls, run {rep}", name);
                }
            }
            figures.Print();
            Judge(context, figures, kinds, calls);
            if (kinds.ContainsKey(Other)) kept = JudgeOther(context, figures, kept, calls);
        }
        Directory.Delete(work, recursive: true);
    }

    // Beside a relay at real-time priority the generator goes before it, as the network would: one that waits for its
    // core is late by itself, and measures that. Without the right to (root) it runs as ever.
    private static async Task WriteFirstAsync(string work)
    {
        var rtpload = Path.Combine(Directory.CreateDirectory(FirstFolder(work)).FullName, "rtpload");
        var plain = Path.Combine(work, "rtpload");
        await File.WriteAllTextAsync(
            rtpload, $"#!/bin/sh\nchrt -r 2 true 2>/dev/null && exec chrt -r 2 {plain} \"$@\"\nexec {plain} \"$@\"\n");
        File.SetUnixFileMode(rtpload, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static string FirstFolder(string work) => Path.Combine(work, "first");

    // How run_rtp.py is told of each; what is not installed is left out.
    private static async Task<Dictionary<string, string[]>> KindsAsync(string bench, string work)
    {
        var self = Environment.ProcessPath!;
        if (Path.GetFileName(self) == "dotnet") self += " " + typeof(LimitScenario).Assembly.Location;
        var kinds = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            [Own] = ["--name", "own", "--cmd", self + " relay-only --pairs {pairs} --calls {calls}"],
            [OwnFirst] =
            [
                "--name", "own-first", "--cmd",
                self + " relay-only --pairs {pairs} --calls {calls} --priority realtime",
            ],
            [OwnByEpoll] =
            [
                "--name", "own-epoll", "--cmd", self + " relay-only --pairs {pairs} --calls {calls} --io epoll",
            ],
        };
        kinds[OwnBound] = [.. kinds[Own], "--pin"];
        var (code, _) = await Shell.RunAsync(
            ["cc", "-O2", Path.Combine(bench, "relay_limit.c"), "-luring", "-o", Path.Combine(work, "relay_limit")],
            work, environment: null, TimeSpan.FromSeconds(60));
        if (code == 0)
        {
            kinds[BareBound] = ["--only", "port-conn", "--pin"];
            kinds[Bare] = ["--only", "port-conn"];
        }
        else Console.WriteLine("the bare C relay is not there (needs liburing-dev)");
        if (Shell.Exists("rtpengine")) kinds[Other] = ["--only", "rtpengine"];
        else Console.WriteLine("rtpengine is not there");
        return kinds;
    }

    // The least disturbed of a few tries; the same for every relay.
    private static async Task<RtpResult> MeasureInPeaceAsync(
        LoadOptions options, string bench, string bin, int calls, string[] arguments)
    {
        var best = await MeasureAsync(options, bench, bin, calls, arguments);
        for (var tries = 1; tries < TriesMax && best.StolenSec > StolenSecMax; tries++)
        {
            var next = await MeasureAsync(options, bench, bin, calls, arguments);
            if (next.StolenSec < best.StolenSec) best = next;
        }
        return best;
    }

    private static async Task<RtpResult> MeasureAsync(
        LoadOptions options, string bench, string bin, int calls, string[] arguments)
    {
        var output = Path.Combine(bin, "result.jsonl");
        File.Delete(output);
        string[] command =
        [
            "python3", Path.Combine(bench, "run_rtp.py"), "suite", "--reps", "1", "--secs", Text(options.Secs),
            "--calls", Text(calls), "-o", output, .. arguments,
        ];
        // A generator that the relays keep from its core offers bursts, and measures itself.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["BENCH_BIN"] = bin,
            ["RTPLOAD_NICE"] = "-15",
        };
        var (code, text) = await Shell.RunAsync(command, bin, environment, Limit);
        if (code != 0) throw new LoadTestException($"run_rtp.py: {text}");
        return JsonSerializer.Deserialize<RtpResult>(File.ReadLines(output).Last()) ?? new RtpResult();
    }

    private static void Report(ScenarioContext context, Figures figures, RtpResult result, string run, string name)
    {
        figures.Add(CpuOf(name), result.RelayUsPerPacket);
        figures.Add(LatencyOf(name), result.Latency99Us);
        figures.Add($"{name}: stolen ms", Math.Round(result.StolenSec * 1000));
        var lost = result.Sent - result.Received;
        if (name != Own) return;
        context.Findings.Claim(
            $"{run}: packets arrive, at the right party",
            result.Sent > 0 && lost <= result.Sent * LossShareMax && result.Misrouted == 0 && result.SilentStreams == 0,
            $"{lost} of {result.Sent} lost, {result.Misrouted} misrouted, {result.SilentStreams} streams silent");
    }

    private static void Judge(
        ScenarioContext context, Figures figures, Dictionary<string, string[]> kinds, int calls)
    {
        if (kinds.ContainsKey(BareBound)) ClaimShare(context, figures, OwnBound, BareBound, ShareOfBareMax, calls);
        if (calls != LatencyCalls) return;
        // Relay and generator fill the machine: who waits for a turn among equals is late by the scheduler's ticks. A
        // host that stops the machine, or the generator, for milliseconds adds to the delay and never takes from it.
        var latencyUs = figures.LeastOf(LatencyOf(OwnFirst));
        context.Findings.Claim(
            $"{calls} calls: 99 % of packets are through within {Latency99UsMax} µs at real-time priority, "
                + "in the calmest run",
            latencyUs < Latency99UsMax, $"{latencyUs:F0}");
    }

    // Where its queues stand, each of its turns finds many packets of a socket: cheap, and of no use to a caller. There
    // the figure of the most calls that it kept up with stands for it.
    private static Figures? JudgeOther(ScenarioContext context, Figures figures, Figures? lastKept, int calls)
    {
        var latencyUs = figures.MedianOf(LatencyOf(Other));
        if (latencyUs <= KeepsUpUsMax)
        {
            ClaimShare(context, figures, Own, Other, ShareOfOtherMax, calls);
            return figures;
        }
        Console.WriteLine($"{calls} calls: {Other} does not keep up, 99 % of packets within {latencyUs / 1000:F0} ms");
        if (lastKept is not null)
        {
            var share = figures.MedianOf(CpuOf(Own)) / lastKept.MedianOf(CpuOf(Other));
            var claim = $"{calls} calls: a packet costs ours at most {ShareOfOtherMax} of what it costs {Other}";
            Claim(context, claim + " with as many as it keeps up with", share, ShareOfOtherMax);
        }
        return lastKept;
    }

    private static void ClaimShare(
        ScenarioContext context, Figures figures, string own, string other, double max, int calls)
    {
        var share = figures.MedianOf(CpuOf(own)) / figures.MedianOf(CpuOf(other));
        Claim(context, $"{calls} calls: a packet costs {own} at most {max} of what it costs {other}", share, max);
    }

    private static void Claim(ScenarioContext context, string claim, double share, double max) =>
        context.Findings.Claim(claim, share <= max, share.ToString("F2", CultureInfo.InvariantCulture));

    private static string CpuOf(string name) => $"{name}: CPU µs per packet";

    private static string LatencyOf(string name) => $"{name}: latency 99 % µs";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
