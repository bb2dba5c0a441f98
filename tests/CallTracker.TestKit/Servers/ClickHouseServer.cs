using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallTracker.TestKit.Servers;

/// <summary>
/// An embedded ClickHouse for a test: its own process on a free port of loopback with its own data folder under the
/// temporary folder. <c>await using var clickHouse = await ClickHouseServer.StartAsync();</c> is all it takes;
/// disposing ends the process and deletes the folder. The data survives <see cref="StopAsync"/>,
/// <see cref="KillAsync"/> and <see cref="RestartAsync"/>. Owned by one test or one fixture.
/// </summary>
public sealed class ClickHouseServer : IAsyncDisposable
{
    private const int StartMsMax = 60_000;
    private const int StopMsMax = 15_000;
    private const int PollMs = 20;
    private readonly IReadOnlyDictionary<string, string>? _environment;
    private readonly HttpClient _http;
    private ServerProcess? _process;

    private ClickHouseServer(int port, string dataPath, IReadOnlyDictionary<string, string>? environment)
    {
        _environment = environment;
        Port = port;
        DataPath = dataPath;
        Address = new Uri($"http://127.0.0.1:{port}/");
        _http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public static string ProgramPath => RepositoryPaths.Program(
        "ops/clickhouse-embedded", "CallTracker.ClickHouseEmbedded");

    public int Port { get; }

    public Uri Address { get; }

    public string DataPath { get; }

    public ServerProcess Process => _process ?? throw new InvalidOperationException("the server is not running");

    /// <summary>A client whose requests may be relative: <c>?query=…</c></summary>
    public HttpClient Http => _http;

    public static async Task<ClickHouseServer> StartAsync(
        int? port = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var data = Directory.CreateTempSubdirectory("calltracker-clickhouse-").FullName;
        var server = new ClickHouseServer(port ?? FreePort(), data, environment);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Runs a statement with POST and returns its result as text without the last line end.</summary>
    public async Task<string> Query(string sql, string urlParameters = "")
    {
        using var content = new StringContent(sql, Encoding.UTF8);
        using var response = await _http.PostAsync(new Uri($"?{urlParameters}", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return response.StatusCode == HttpStatusCode.OK
            ? text.TrimEnd('\n')
            : throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
    }

    /// <summary>SIGTERM, and waits for the end. The data stays.</summary>
    public async Task<ServerProcessExit> StopAsync()
    {
        var exit = await Process.StopAsync(StopMsMax);
        await ForgetProcessAsync();
        return exit;
    }

    /// <summary>kill -9. The data stays.</summary>
    public async Task KillAsync()
    {
        await Process.KillAsync();
        await ForgetProcessAsync();
    }

    /// <summary>Starts it (again) on the same port and data, and returns when it answers.</summary>
    public async Task RestartAsync()
    {
        if (_process is not null)
            await StopAsync();
        _process = ServerProcess.Start(
            ProgramPath, ["--port", $"{Port}", "--bind", "127.0.0.1", "--data", DataPath], _environment);
        using var limit = new CancellationTokenSource(StartMsMax);
        while (!await AnswersAsync(limit.Token))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"ClickHouse did not start:\n{_process.Output}");
            await Task.Delay(PollMs, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
            await KillAsync();
        Directory.Delete(DataPath, recursive: true);
    }

    private async Task ForgetProcessAsync()
    {
        await Process.DisposeAsync();
        _process = null;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("ping", UriKind.Relative), cancellation);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A port that was free a moment ago; the kernel does not give it out again at once.</summary>
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
