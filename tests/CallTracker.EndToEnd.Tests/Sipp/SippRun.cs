using System.Diagnostics;
using System.Globalization;
using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>One running SIPp: its own scenario file, ports and logs. Owned by one test.</summary>
internal sealed class SippRun
{
    // A-law silence, one second; the relay looks at headers, not at sound.
    private static readonly byte[] Silence = [.. Enumerable.Repeat((byte)0xD5, 8000)];
    private readonly Process _process;
    private readonly string _folder;
    private readonly int _limitSec;
    private readonly SippRole _role;

    private SippRun(Process process, string folder, int limitSec, SippRole role)
    {
        _process = process;
        _folder = folder;
        _limitSec = limitSec;
        _role = role;
    }

    /// <summary>Starts the called side, which echoes audio, and waits until its port is bound.</summary>
    public static async Task<SippRun> StartShopAsync(
        Product product, string script, int port, int callCount, int limitSec = 45, string address = "127.0.0.1",
        string transport = "u1", int lossPercent = 0)
    {
        var run = Start(product, SippRole.Shop, script, limitSec,
            ["-p", Text(port), "-mp", Text(port + 2), "-rtp_echo", "-i", address, "-mi", address,
                "-t", transport, "-m", Text(callCount), .. Loss(lossPercent)]);
        await Wait.UntilAsync(
            $"SIPp on port {port}", 10_000, () => Task.FromResult(IsBound(port) || run._process.HasExited));
        return run;
    }

    /// <summary>Starts the calling side.</summary>
    public static SippRun StartCaller(Product product, string script, string dinId, SippCallerOptions options)
    {
        var port = product.NextPeerPort();
        return Start(product, SippRole.Caller, script, options.LimitSec,
            ["-p", Text(port), "-mp", Text(port + 2), "-i", options.Address, "-mi", options.Address,
                "-m", Text(options.CallCount), "-r", Text(options.CallsPerSecond), "-s", dinId,
                "-key", "caller", options.Number ?? Line.NewCaller(), "-t", options.Transport, "-max_socket", "1000",
                .. Loss(options.LossPercent), options.Target ?? $"127.0.0.1:{product.SipPort}"]);
    }

    // SIPp throws the dice for each message that it sends or receives.
    private static string[] Loss(int percent) => percent > 0 ? ["-lost", Text(percent)] : [];

    /// <summary>
    /// Waits for its end; anything but every call going as written is an error that shows what SIPp saw.
    /// </summary>
    public Task SucceedAsync() => SucceedAsync([this]);

    /// <summary>The same for both sides of a call; when one fails, the others are ended and all is shown.</summary>
    public static async Task SucceedAsync(IReadOnlyCollection<SippRun> runs)
    {
        var waiting = runs.ToDictionary(run => run.ExitAsync());
        while (waiting.Count > 0)
        {
            var ended = await Task.WhenAny(waiting.Keys);
            if (await ended != 0) Fail(runs);
            waiting.Remove(ended);
        }
    }

    private static void Fail(IReadOnlyCollection<SippRun> runs)
    {
        foreach (var run in runs.Where(run => !run._process.HasExited)) run._process.Kill();
        Assert.Fail(string.Join("\n\n", runs.Select(run => run.Report())));
    }

    private string Report()
        => $"=== {_role} ended with {(_process.HasExited ? Text(_process.ExitCode) : "nothing yet")}\n"
            + $"{Tail(Read("errors.log"), 3000)}\n{Tail(Messages, 6000)}";

    /// <summary>Waits for its end and gives the exit code: 0 all calls went as written, 1 some did not.</summary>
    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_limitSec + 10));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            _process.Kill();
            throw new TimeoutException($"SIPp does not end. {Report()}", late);
        }
        return _process.ExitCode;
    }

    /// <summary>Ends it: its call is of no more use.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Every message it sent and received so far.</summary>
    public string Messages => Read("messages.log");

    /// <summary>Waits until a message that holds the text was sent or received.</summary>
    public Task SeenAsync(string text, int limitMs = 10_000)
        => Wait.UntilAsync($"{_role} SIPp sees '{text}'", limitMs, () => Task.FromResult(Messages.Contains(text)));

    private static SippRun Start(Product product, SippRole role, string script, int limitSec, string[] arguments)
    {
        var folder = product.NewFolder();
        var xml = script.StartsWith("<?xml", StringComparison.Ordinal) ? script : SippScenario.ToXml(role, script);
        File.WriteAllText(Path.Combine(folder, "scenario.xml"), xml);
        File.WriteAllBytes(Path.Combine(folder, "audio.pcma"), Silence);
        var process = Command.Start("sipp",
            ["-sf", "scenario.xml", "-nostdin", "-timeout", Text(limitSec) + "s", "-timeout_error", "-trace_err",
                "-error_file", "errors.log", "-trace_msg", "-message_file", "messages.log", .. arguments],
            new Dictionary<string, string>(StringComparer.Ordinal), folder);
        // Its screen is of no use; unread, it would fill the pipe and stop SIPp.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new SippRun(process, folder, limitSec, role);
    }

    private static bool IsBound(int port)
    {
        // Bound for datagrams, or listening (0A), at whatever address.
        var local = string.Create(CultureInfo.InvariantCulture, $":{port:X4} 0");
        return new[] { "udp", "udp6", "tcp", "tcp6" }.Any(table => File.ReadLines("/proc/net/" + table)
            .Any(line => line.Contains(local) && (table[0] == 'u' || line.Contains(" 0A "))));
    }

    private string Read(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    private static string Tail(string text, int length) => text.Length <= length ? text : text[^length..];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
