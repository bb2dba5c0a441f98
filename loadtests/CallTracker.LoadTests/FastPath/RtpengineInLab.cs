using System.Globalization;
using CallTracker.LoadTests.Product;

namespace CallTracker.LoadTests.FastPath;

/// <summary>
/// Debian's rtpengine in userspace (no kernel table) in the relay's namespace, its calls set up by offer and answer
/// over its ng protocol, as run_rtp.py does on loopback. One scenario's.
/// </summary>
internal sealed class RtpengineInLab
{
    private const string Program = "rtpengine";
    private const string Address = "10.88.0.1";
    private const string Control = Address + ":2223";
    private const int StartTries = 50;
    private const int StartTryMs = 200;
    private static readonly TimeSpan SetUpLimit = TimeSpan.FromSeconds(60);
    private readonly string _folder;

    private RtpengineInLab(string folder) => _folder = folder;

    private string Ng => Path.Combine(_folder, "ng.py");

    private string Log => Path.Combine(_folder, "rtpengine.log");

    /// <summary>Null, and a line that says why, where rtpengine or the script that commands it is missing.</summary>
    public static async Task<RtpengineInLab?> TryPrepareAsync(LoadOptions options, string folder)
    {
        var script = Path.GetFullPath(Path.Combine(options.BenchFolder, "ng.py"), ProductRun.FindRoot());
        if (!Shell.Exists(Program) || !Shell.Exists("python3") || !File.Exists(script))
        {
            Console.WriteLine("rtpengine is left out: it wants rtpengine-daemon, python3 and --bench with ng.py");
            return null;
        }
        var prepared = new RtpengineInLab(folder);
        // All far ends of a side are at one address of this lab; on loopback each has its own.
        var text = Patch.Replaced("ng.py", await File.ReadAllTextAsync(script),
            "return '127.%d.%d.%d' % (1 + i // 62500, (i // 250) % 250, 1 + i % 250)",
            "return '10.88.%d.2' % (1 + i % 2)");
        await File.WriteAllTextAsync(prepared.Ng, text);
        return prepared;
    }

    /// <summary>Starts it and sets up the calls.</summary>
    public async Task<RelayUnderTest> StartAsync(NamespaceLab lab, int calls)
    {
        var pairs = Path.Combine(_folder, "pairs");
        // It logs to a file: a pipe that nobody reads would stop it once full.
        var command = lab.InRelay(
            "sh", "-c", "exec \"$@\" 2>\"$0\"", Log, Program, "--config-file=none", "-f", "-E", "--table=-1",
            "-i", Address, "--listen-ng=" + Control, "-m", "24000", "-M", "60000", "--log-level=4",
            "--delete-delay=0", "--timeout=3600", "--silent-timeout=3600",
            "--pidfile=" + Path.Combine(_folder, "rtpengine.pid"));
        var relay = new RelayUnderTest(Shell.Start(command, _folder, environment: null), pairs);
        try
        {
            await SetUpAsync(lab, calls, pairs);
            return relay;
        }
        catch
        {
            relay.Dispose();
            throw;
        }
    }

    // Until it is up, its port is closed. A question before the first offer is no way to see that: rtpengine answers a
    // number it has heard before with what it said then, and the script begins at one each time.
    private async Task SetUpAsync(NamespaceLab lab, int calls, string pairs)
    {
        var count = calls.ToString(CultureInfo.InvariantCulture);
        var command = lab.InRelay(
            "python3", Ng, "setup", "-n", count, "-o", pairs, "--port", "6000", "--ng", Control);
        for (var i = 0; ; i++)
        {
            var (code, output) = await Shell.RunAsync(command, _folder, environment: null, SetUpLimit);
            if (code == 0) return;
            if (i == StartTries || !output.Contains("ConnectionRefused", StringComparison.Ordinal))
                throw new LoadTestException($"{Program}: {output} {await File.ReadAllTextAsync(Log)}");
            await Task.Delay(StartTryMs);
        }
    }
}
