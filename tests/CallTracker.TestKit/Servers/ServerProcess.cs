using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace CallTracker.TestKit.Servers;

/// <summary>
/// A program that a test started, with all that it writes. Ended by its process id, never by name. Owned by one test.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output and standard error so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static ServerProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var server = new ServerProcess(new Process { StartInfo = start });
        server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Asks it to end (SIGTERM) and waits; kills it when it takes too long, and then throws.</summary>
    public async Task<ServerProcessExit> StopAsync(int waitMsMax)
    {
        if (!_process.HasExited)
            _ = Signal(_process.Id, SignalTerminate);
        return await WaitForExitAsync(waitMsMax);
    }

    /// <summary>kill -9</summary>
    public async Task<ServerProcessExit> KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        return new ServerProcessExit(_process.ExitCode, Output);
    }

    public async Task<ServerProcessExit> WaitForExitAsync(int waitMsMax)
    {
        using var limit = new CancellationTokenSource(waitMsMax);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            _process.Kill();
            throw new TimeoutException($"process {Id} did not end in {waitMsMax} ms; it wrote:\n{Output}", late);
        }

        return new ServerProcessExit(_process.ExitCode, Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
