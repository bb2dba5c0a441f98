using System.Diagnostics;
using System.Globalization;
using System.Net;
using CallTracker.Core.Net;

namespace CallTracker.LoadTests.Product;

/// <summary>
/// The product started for one load test by <c>ops/run</c>, in a folder and on ports of its own, and stopped by
/// <c>ops/stop</c> when it is disposed. One thread at a time.
/// </summary>
internal sealed class ProductRun : IAsyncDisposable
{
    /// <summary>For figures of memory: trace rings fill with the first calls, whatever those cost themselves.</summary>
    public static readonly (string Name, string Value) WithoutTraces = ("CALLTRACKER_TRACE_MB", "0");
    /// <summary>For calls that are held without audio: they do not end for it.</summary>
    public static readonly (string Name, string Value) LongSilence = ("CALLTRACKER_MEDIA_SILENCE_SEC", "3600");
    /// <summary>Ports of the second pair of parties, counted from the first of the hundred.</summary>
    public const int SecondCallerOffset = 79;
    public const int SecondShopOffset = 91;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(3);
    private readonly LoadOptions _options;
    private readonly string _root;
    private readonly Dictionary<string, string> _environment;
    private readonly CancellationTokenSource _ending = new();
    private bool _isGood;

    /// <param name="settings">The product's variables that this load test wants otherwise than usual.</param>
    public ProductRun(LoadOptions options, (string Name, string Value)[] settings)
    {
        _options = options;
        _root = FindRoot();
        Folder = Directory.CreateTempSubdirectory("calltracker-load-").FullName;
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CALLTRACKER_RUN_DIR"] = Folder,
            ["CALLTRACKER_BIND"] = "127.0.0.1",
            ["CALLTRACKER_SIP_PORT"] = Port(60),
            ["CALLTRACKER_API_PORT"] = Port(80),
            ["CALLTRACKER_NODE_PORT"] = Port(81),
            ["CALLTRACKER_REDIS_PORT"] = Port(82),
            ["CALLTRACKER_CLICKHOUSE_PORT"] = Port(83),
            ["CALLTRACKER_RTP_PORTS"] = string.Create(
                CultureInfo.InvariantCulture, $"{options.RtpPort}-{options.RtpPortLast}"),
            // At the end of a test nobody waits for calls that hang.
            ["CALLTRACKER_STOP_SEC"] = "10",
        };
        foreach (var (name, value) in settings) _environment[name] = value;
    }

    public string Folder { get; }

    public IpEndpoint Node => At(60);

    public IpEndpoint Caller => At(71);

    public IpEndpoint Shop => At(90);

    // SIPp takes two ports for media beside its own: the caller at 71 has 73 and 75, too.
    public IpEndpoint SecondCaller => At(SecondCallerOffset);

    public IpEndpoint SecondShop => At(SecondShopOffset);

    /// <summary>Where SIPp's caller takes commands.</summary>
    public IpEndpoint SippControl => At(77);

    public Uri Api => new($"http://127.0.0.1:{Port(80)}/");

    /// <summary>The node's counters, in Prometheus' text.</summary>
    public Uri Metrics => new($"http://127.0.0.1:{Port(81)}/metrics");

    public Uri ClickHouse => new($"http://127.0.0.1:{Port(83)}/");

    public string Key => File.ReadAllText(Path.Combine(Folder, "operator.key")).Trim();

    /// <summary>The node's process as it is now; another after it was killed.</summary>
    public int NodePid => int.Parse(File.ReadAllText(Path.Combine(Folder, "node.pid")), CultureInfo.InvariantCulture);

    public Task StartAsync() => RunServicesAsync(_options.SkipsBuild, []);

    /// <summary>Starts services that were stopped.</summary>
    public Task StartServiceAsync(string name) => RunServicesAsync(skipsBuild: true, [name]);

    public async Task StopServicesAsync(params string[] names)
    {
        string[] command = [Path.Combine(_root, "ops", "stop"), .. names];
        var (code, output) = await Shell.RunAsync(command, _root, _environment, StopLimit);
        if (code != 0) throw new LoadTestException($"ops/stop: {output.Trim()}");
    }

    /// <summary>Kills the node with SIGKILL and waits until its supervisor has another one that is ready.</summary>
    /// <returns>How long there was none.</returns>
    public async Task<TimeSpan> KillNodeAsync(HttpClient http)
    {
        var killed = NodePid;
        using (var process = Process.GetProcessById(killed)) process.Kill();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(20);
            if (ReadPid() is not { } pid || pid == killed) continue;
            if (await IsReadyAsync(http)) return watch.Elapsed;
        }
        throw new LoadTestException($"the node did not come back; see {Folder}/log");
    }

    /// <summary>The test went well: the folder may go.</summary>
    public void MarkGood() => _isGood = true;

    public async ValueTask DisposeAsync()
    {
        // An ops/run under way would go on starting what is stopped here.
        await _ending.CancelAsync();
        await StopServicesAsync();
        _ending.Dispose();
        if (_isGood && !_options.KeepsFolder) Directory.Delete(Folder, recursive: true);
        else Console.Error.WriteLine($"kept: {Folder}");
    }

    /// <summary>The repository this was started in.</summary>
    public static string FindRoot()
    {
        var folder = new DirectoryInfo(Environment.CurrentDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CallTracker.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new LoadTestException("start it in the repository");
    }

    private async Task RunServicesAsync(bool skipsBuild, string[] services)
    {
        string[] flags = skipsBuild ? ["--detach", "--no-build"] : ["--detach"];
        var (code, output) = await Shell.RunAsync(
            [Path.Combine(_root, "ops", "run"), .. flags, .. services], _root, _environment, StartLimit, _ending.Token);
        if (code != 0) throw new LoadTestException($"ops/run: {output.Trim()}");
    }

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{Port(81)}/readyz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private int? ReadPid()
    {
        try
        {
            return NodePid;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private IpEndpoint At(int offset) => IpEndpoint.From(IPAddress.Loopback, _options.PortBase + offset);

    private string Port(int offset) => (_options.PortBase + offset).ToString(CultureInfo.InvariantCulture);
}
