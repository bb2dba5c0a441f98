using System.Globalization;
using System.Text.Json;
using CallTracker.LoadTests.Measure;
using CallTracker.LoadTests.Media;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.Scenarios;

/// <summary>
/// What a relayed packet costs on loopback: this relay as it is, at real-time priority and by epoll, the bare C relay
/// (connected sockets, epoll) and rtpengine in userspace, in turns, under the same generator, by the scripts beside
/// rtpload.c.
/// </summary>
internal static class LimitScenario
{
    private const string Own = "ours";
    private const string OwnFirst = "ours, real time";
    private const string OwnByEpoll = "ours by epoll";
    private const string Bare = "bare C";
    private const string Other = "rtpengine";
    private const double ShareOfOtherMax = 0.5;
    private const double ShareOfBareMax = 1.15;
    private const double Latency99UsMax = 1000;
    private const double LossShareMax = 0.0001;
    // The claim of latency is for so many calls and fewer.
    private const int LatencyCallsMax = 1000;
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
        var calls = options.Calls(1000);
        var figures = new Figures($"limit: {calls} calls, 50 packets/s each way for {options.Secs} s, in turns");
        for (var rep = 1; rep <= options.Reps; rep++)
        {
            foreach (var (name, arguments) in kinds)
            {
                var bin = name == OwnFirst ? FirstFolder(work) : work;
                var result = await MeasureAsync(options, bench, bin, calls, arguments);
                Report(context, figures, result, $"run {rep}", name);
            }
        }
        figures.Print();
        Judge(context, figures, kinds.Keys, calls);
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
        var (code, _) = await Shell.RunAsync(
            ["cc", "-O2", Path.Combine(bench, "relay_limit.c"), "-luring", "-o", Path.Combine(work, "relay_limit")],
            work, environment: null, TimeSpan.FromSeconds(60));
        if (code == 0) kinds[Bare] = ["--only", "port-conn"];
        else Console.WriteLine("the bare C relay is not there (needs liburing-dev)");
        if (Shell.Exists("rtpengine")) kinds[Other] = ["--only", "rtpengine"];
        else Console.WriteLine("rtpengine is not there");
        return kinds;
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
        figures.Add($"{name}: CPU µs per packet", result.RelayUsPerPacket);
        figures.Add($"{name}: latency 99 % µs", result.Latency99Us);
        var lost = result.Sent - result.Received;
        if (name != Own) return;
        context.Findings.Claim(
            $"{run}: packets arrive, at the right party",
            result.Sent > 0 && lost <= result.Sent * LossShareMax && result.Misrouted == 0 && result.SilentStreams == 0,
            $"{lost} of {result.Sent} lost, {result.Misrouted} misrouted, {result.SilentStreams} streams silent");
    }

    private static void Judge(ScenarioContext context, Figures figures, IReadOnlyCollection<string> kinds, int calls)
    {
        if (kinds.Contains(Bare)) Share(Bare, ShareOfBareMax);
        if (kinds.Contains(Other)) Share(Other, ShareOfOtherMax);
        if (calls > LatencyCallsMax) return;
        // Relay and generator fill the machine: who waits for a turn among equals is late by the scheduler's ticks.
        var latencyUs = figures.MedianOf($"{OwnFirst}: latency 99 % µs");
        context.Findings.Claim(
            $"99 % of packets are through within {Latency99UsMax} µs at real-time priority",
            latencyUs < Latency99UsMax, $"{latencyUs:F0}");

        void Share(string other, double max)
        {
            var ours = figures.MedianOf($"{Own}: CPU µs per packet");
            var share = ours / figures.MedianOf($"{other}: CPU µs per packet");
            context.Findings.Claim(
                $"a packet costs at most {max} of what {other} takes", share <= max,
                share.ToString("F2", CultureInfo.InvariantCulture));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
