using System.Diagnostics;
using System.Globalization;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.FastPath;

/// <summary>One relay in the namespace between the far ends, from "ready" to SIGTERM. One scenario's.</summary>
internal sealed class RelayUnderTest : IDisposable
{
    private const int StopMs = 5000;
    private const string BareSource = "relay_limit.c";
    private readonly Process _process;

    /// <param name="process">Ended with this, by SIGTERM.</param>
    /// <param name="pairs">The file with the addresses of its ports.</param>
    public RelayUnderTest(Process process, string pairs)
    {
        _process = process;
        Pairs = pairs;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>The file with the addresses of its ports.</summary>
    public string Pairs { get; }

    /// <summary>The relay's process.</summary>
    public int Pid => _process.Id;

    /// <summary>What it wrote at its end.</summary>
    public string Report { get; private set; } = "";

    /// <summary>This program as relay-only; with or without the kernel.</summary>
    public static RelayUnderTest Own(NamespaceLab lab, string folder, int calls, bool isFast)
    {
        var pairs = Path.Combine(folder, "pairs");
        string[] options =
        [
            "relay-only", "--pairs", pairs, "--calls", Text(calls), "--bind", "10.88.0.1", "--far-a", "10.88.1.2",
            "--far-b", "10.88.2.2", "--far-port", "6000", "--fastpath", isFast ? "1" : "0",
        ];
        return Start(lab.InRelay([.. Self(), .. options]), folder, pairs);
    }

    /// <summary>This program as relay-only on loopback; with a folder it records every call there.</summary>
    public static RelayUnderTest Alone(string folder, int calls, string? recordings)
    {
        var pairs = Path.Combine(folder, "pairs");
        List<string> command = [.. Self(), "relay-only", "--pairs", pairs, "--calls", Text(calls)];
        if (recordings is not null) command.AddRange(["--record", recordings]);
        return Start(command, folder, pairs);
    }

    /// <summary>The bare C relay, compiled for these addresses; null without its source or a compiler.</summary>
    public static async Task<string?> CompileBareAsync(LoadOptions options, string folder)
    {
        var source = Path.GetFullPath(Path.Combine(options.BenchFolder, BareSource), ProductRun.FindRoot());
        if (!File.Exists(source) || !Shell.Exists("cc"))
        {
            Console.WriteLine($"the bare C relay is left out: it wants cc and --bench with {BareSource}");
            return null;
        }
        var text = await File.ReadAllTextAsync(source);
        // Its far ends and its own address are on 127/8, which does not leave a namespace.
        text = Patch.Replaced(BareSource, text, "htonl(0x7f000001)", "inet_addr(\"10.88.0.1\")");
        text = Patch.Replaced(BareSource, text, "127.0.0.1:%d", "10.88.0.1:%d");
        text = Patch.Replaced(BareSource, text, "return 0x7f000000u | (uint32_t)(1 + i / 62500) << 16 "
            + "| (uint32_t)((i / 250) % 250) << 8 | (uint32_t)(1 + i % 250);",
            "return i & 1 ? 0x0a580202u : 0x0a580102u;");
        text = Patch.Replaced(BareSource, text, "eport = 20000", "eport = 6000");
        var patched = Path.Combine(folder, "relay.c");
        await File.WriteAllTextAsync(patched, text);
        var (code, output) = await Shell.RunAsync(
            ["cc", "-O2", "-w", patched, "-luring", "-o", Path.Combine(folder, "relay")], folder, environment: null,
            TimeSpan.FromSeconds(60));
        if (code != 0) throw new LoadTestException($"{BareSource} (needs liburing-dev): {output}");
        return Path.Combine(folder, "relay");
    }

    /// <summary>One socket for each leg, connected, epoll: the best userspace can do without io_uring.</summary>
    public static RelayUnderTest Bare(NamespaceLab lab, string program, string folder, int calls)
    {
        var pairs = Path.Combine(folder, "pairs");
        var command = lab.InRelay(program, "-m", "port-conn", "-n", Text(calls), "-o", pairs, "-b", "24000");
        return Start(command, folder, pairs);
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        using (var kill = Shell.Start(["kill", "-TERM", Text(_process.Id)], "/", environment: null)) kill.WaitForExit();
        if (!_process.WaitForExit(StopMs)) _process.Kill();
        Report = _process.StandardError.ReadToEnd().Trim();
        _process.Dispose();
    }

    // A run that is interrupted does not come to its end.
    private void OnExit(object? sender, EventArgs e) => _process.Kill();

    private static string[] Self()
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileName(program) == "dotnet";
        return isHost ? [program, typeof(RelayUnderTest).Assembly.Location] : [program];
    }

    private static RelayUnderTest Start(List<string> command, string folder, string pairs)
    {
        var process = Shell.Start(command, folder, environment: null);
        if (process.StandardOutput.ReadLine() is { } line && line.StartsWith("ready", StringComparison.Ordinal))
            return new RelayUnderTest(process, pairs);
        throw new LoadTestException($"{command[^1]}: {process.StandardError.ReadToEnd()}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
