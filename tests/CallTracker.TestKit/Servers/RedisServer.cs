using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace CallTracker.TestKit.Servers;

/// <summary>
/// A Redis for a test: its own process on loopback with its own folder and an append-only file written at once, so
/// that a kill loses nothing. Can be killed, restarted (with its data or without) and paused. Owned by one test or
/// one fixture.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int StartMsMax = 20_000;
    private const int PollMs = 20;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;
    private readonly string _folder;
    private ServerProcess? _process;

    private RedisServer(int port, string folder)
    {
        Port = port;
        _folder = folder;
    }

    public int Port { get; }

    /// <summary>The running process; throws while it is killed.</summary>
    public ServerProcess Process => _process ?? throw new InvalidOperationException("Redis is not running");

    public static async Task<RedisServer> StartAsync(int? port = null)
    {
        var folder = Directory.CreateTempSubdirectory("calltracker-redis-").FullName;
        var server = new RedisServer(port ?? FreePort(), folder);
        await server.RestartAsync();
        return server;
    }

    /// <summary>kill -9. The data stays for <see cref="RestartAsync"/>.</summary>
    public async Task KillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        _process = null;
    }

    /// <summary>Starts it again on the same port; returns when it answers.</summary>
    /// <param name="withData">False begins empty, as after the loss of the disk.</param>
    public async Task RestartAsync(bool withData = true)
    {
        if (_process is not null) await KillAsync();
        if (!withData) Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        _process = ServerProcess.Start("redis-server",
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", _folder, "--save", "", "--appendonly", "yes",
            "--appendfsync", "always",
        ]);
        using var limit = new CancellationTokenSource(StartMsMax);
        while (!await AnswersAsync(limit.Token))
        {
            if (_process.HasExited) throw new InvalidOperationException($"Redis did not start:\n{_process.Output}");
            await Task.Delay(PollMs, limit.Token);
        }
    }

    /// <summary>SIGSTOP: connections stay open and nothing answers.</summary>
    public void Pause() => _ = Signal(Process.Id, SignalStop);

    /// <summary>SIGCONT.</summary>
    public void Resume() => _ = Signal(Process.Id, SignalContinue);

    /// <summary>Runs one command over its own connection; the raw RESP answer.</summary>
    public async Task<string> CommandAsync(params string[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        var stream = client.GetStream();
        var request = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words) request.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()));
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // A server that still reads its data answers PING with -LOADING.
    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            return await CommandAsync("PING") == "+PONG\r\n";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
