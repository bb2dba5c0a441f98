using System.Diagnostics;
using System.Globalization;
using CallTracker.EndToEnd.Tests.Kit;
using CallTracker.TestKit.Servers;

namespace CallTracker.EndToEnd.Tests.Ops;

/// <summary>ops/lib/supervise with services made for the purpose: restart, end, and a log that stays small.</summary>
public sealed class SupervisorTests : IDisposable
{
    private const string Name = "sample";
    private readonly string _runDir = Directory.CreateTempSubdirectory("calltracker supervise ").FullName;
    private Process? _supervisor;

    [Fact]
    public async Task Service_Killed_StartsAgainAndStopsClean()
    {
        Start("sleep\n1000\n");
        var first = await PidAsync(other: 0);
        Signals.Kill(first);
        var second = await PidAsync(other: first);
        Process.GetProcessById(second).HasExited.ShouldBeFalse();

        await StopAsync();
        Directory.Exists($"/proc/{second}").ShouldBeFalse();
        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Service_EndingAtOnce_WaitsLongerEachTime()
    {
        Start("false\n");
        await Wait.UntilAsync("three restarts", 10_000, () => Task.FromResult(
            Log.Contains("in 200 ms") && Log.Contains("in 400 ms") && Log.Contains("in 800 ms")));
        await StopAsync();
    }

    [Fact]
    public async Task Service_IgnoringTheSignal_IsKilledInTheEnd()
    {
        Start("bash\n-c\ntrap '' TERM; while :; do sleep 1; done\n", stopSec: 1);
        var pid = await PidAsync(other: 0);
        // Only when its trap is set does it ignore the signal.
        await Wait.UntilAsync("the trap is set", 5000, () => Task.FromResult(IsIgnoringTerm(pid)));
        await StopAsync();
        Log.ShouldContain("killed");
        Directory.Exists($"/proc/{pid}").ShouldBeFalse();
    }

    [Fact]
    public async Task Service_OfLowerPriority_RunsAtThatPriority()
    {
        Start("sleep\n1000\n", nice: 7);
        var pid = await PidAsync(other: 0);
        // The pid is nice's until it has become the command.
        await Wait.UntilAsync("it runs at nice 7", 5000, () => Task.FromResult(NiceOf(pid) == 7));
        var session = $"/proc/{pid}/autogroup";
        if (File.Exists(session)) File.ReadAllText(session).TrimEnd().ShouldEndWith(" nice 7");
        await StopAsync();
    }

    [Fact]
    public async Task Log_Growing_IsCutAtItsBound()
    {
        const int bytesMax = 20_000;
        Start("bash\n-c\nwhile :; do echo a line of a service that talks too much; done\n", logBytesMax: bytesMax);
        var older = Path.Combine(_runDir, "log", Name + ".log.1");
        await Wait.UntilAsync("the log is cut", 15_000, () => Task.FromResult(
            File.Exists(older) && new FileInfo(older).Length == bytesMax));
        await StopAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_supervisor is { HasExited: false }) Signals.Terminate(_supervisor.Id);
        _supervisor?.WaitForExit(TimeSpan.FromSeconds(10));
        _supervisor?.Dispose();
        Directory.Delete(_runDir, recursive: true);
    }

    private string PidFile => Path.Combine(_runDir, Name + ".pid");
    private string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";
    private string LogFile => Path.Combine(_runDir, "log", Name + ".log");

    private void Start(string command, int stopSec = 5, int logBytesMax = 1_000_000, int nice = 0)
    {
        File.WriteAllText(Path.Combine(_runDir, Name + ".command"), command);
        _supervisor = Command.Start(
            // In a session of its own, as ops/run starts it.
            "setsid",
            [
                Path.Combine(RepositoryPaths.Root, "ops/lib/supervise"), Name,
                stopSec.ToString(CultureInfo.InvariantCulture), nice.ToString(CultureInfo.InvariantCulture),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["CALLTRACKER_RUN_DIR"] = _runDir,
                ["CALLTRACKER_LOG_BYTES_MAX"] = logBytesMax.ToString(CultureInfo.InvariantCulture),
            });
    }

    private async Task<int> PidAsync(int other)
    {
        var pid = 0;
        await Wait.UntilAsync("the service runs", 10_000, () => Task.FromResult(
            File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out pid)
            && pid != other));
        return pid;
    }

    // The 19th field of proc(5)'s stat; the 2nd, the name, may hold spaces.
    private static int NiceOf(int pid)
    {
        var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(fields[16], CultureInfo.InvariantCulture);
    }

    private static bool IsIgnoringTerm(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status")
            .First(text => text.StartsWith("SigIgn:", StringComparison.Ordinal));
        var mask = ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (mask & (1UL << 14)) != 0;
    }

    private async Task StopAsync()
    {
        Signals.Terminate(_supervisor!.Id);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await _supervisor.WaitForExitAsync(limit.Token);
        _supervisor.ExitCode.ShouldBe(0);
    }
}
