using System.Globalization;
using CallTracker.TestKit;
using CallTracker.TestKit.Servers;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>
/// The whole product, started by <c>ops/run --detach</c> in a folder of its own on ports of its own. xunit makes one
/// for the collection that shares it and ends it with <c>ops/stop</c>. Its folder is kept when CALLTRACKER_KEEP is set.
/// </summary>
public sealed class Product : IAsyncLifetime
{
    private const string AdvertiserId = "e2e";
    // What the product promises: a change reaches the next call that comes this much later.
    private readonly PortBlock _ports = PortBlock.Claim();
    // The space is there on purpose: every path must survive one.
    private readonly string _runDir = Directory.CreateTempSubdirectory("calltracker e2e ").FullName;
    private readonly Dictionary<string, string> _environment;
    private readonly TestCa _ca = new();
    private int _lineCount;
    private int _peerCount;

    public Product()
    {
        Http = new ProductHttp(_ports);
        Stir = new StirKit(_runDir);
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CALLTRACKER_RUN_DIR"] = _runDir,
            ["CALLTRACKER_SIP_PORT"] = Text(_ports.Sip),
            ["CALLTRACKER_API_PORT"] = Text(_ports.Api),
            ["CALLTRACKER_NODE_PORT"] = Text(_ports.Node),
            ["CALLTRACKER_REDIS_PORT"] = Text(_ports.Redis),
            ["CALLTRACKER_CLICKHOUSE_PORT"] = Text(_ports.ClickHouse),
            ["CALLTRACKER_RTP_PORTS"] = _ports.Rtp,
            ["CALLTRACKER_STOP_SEC"] = "20",
            // A machine that runs tests is busy with others; its calls are to be taken late rather than not.
            ["CALLTRACKER_OVERLOAD_MS"] = "2000",
            // The shortest session timers that a test can wait for; only peers that speak them are concerned.
            ["CALLTRACKER_SESSION_SEC"] = "6",
            ["CALLTRACKER_BIND"] = "127.0.0.1,::1",
            ["CALLTRACKER_SIP_TLS_PORT"] = Text(_ports.SipTls),
            ["CALLTRACKER_TLS_CERT"] = _ca.PathOf("node.pem"),
            ["CALLTRACKER_TLS_KEY"] = _ca.PathOf("node.key"),
            ["CALLTRACKER_TLS_CA"] = _ca.CaPath,
            ["CALLTRACKER_STREAM_PARTIAL_SEC"] = "1",
            ["CALLTRACKER_DNS"] = $"127.0.0.1:{Text(Dns.Port)}",
            // As short as the longest call without audio in these tests allows.
            ["CALLTRACKER_MEDIA_SILENCE_SEC"] = "25",
            ["CALLTRACKER_HEP"] = "127.0.0.1:" + Text(_ports.Hep),
        };
        Stir.AddTo(_environment);
        IssueNodeCertificate();
    }

    internal ProductHttp Http { get; }
    internal StirKit Stir { get; }
    /// <summary>The name server of the node.</summary>
    internal DnsServer Dns { get; } = new();
    internal int SipPort => _ports.Sip;
    internal int SipTlsPort => _ports.SipTls;
    internal TestCa Ca => _ca;
    internal int HepPort => _ports.Hep;
    internal string RunDir => _runDir;
    internal IReadOnlyDictionary<string, string> Environment => _environment;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        Http.ReadKey(Path.Combine(_runDir, "operator.key"));
        await Http.WriteAsync(HttpMethod.Post, "/v1/advertisers", new { client_id = AdvertiserId, client_name = "試験" });
        await Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "e2e-carrier",
            name = "carrier",
            address = $"127.0.0.1:{_ports.Peers}",
            prefixes = Array.Empty<string>(),
            inbound_from = new[] { "127.0.0.1" },
            reliable_provisional = "supported",
            probe_sec = 0,
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(Script("ops/stop"), [], _environment);
        Http.Dispose();
        await Stir.DisposeAsync();
        await Dns.DisposeAsync();
        _ports.Dispose();
        _ca.Dispose();
        if (System.Environment.GetEnvironmentVariable("CALLTRACKER_KEEP") is null) Directory.Delete(_runDir, true);
    }

    /// <summary>Writes a new certificate of the node's where it looks for it; its serial number.</summary>
    internal string IssueNodeCertificate()
    {
        using var certificate = _ca.Issue("node", 30, "127.0.0.1", "::1");
        return certificate.SerialNumber;
    }

    /// <summary>Starts what does not run, or the services named, and waits until they are ready.</summary>
    internal async Task StartAsync(params string[] services)
    {
        var result = await Command.RunAsync(
            Script("ops/run"), ["--detach", "--no-build", .. services], _environment, limitSec: 300);
        result.Code.ShouldBe(0, result.Output);
        // A service that ran on while another was away takes a moment to reach it again.
        await ReadyAsync("node", () => Http.NodePageAsync("/readyz"));
        await ReadyAsync("control plane", () => Http.ApiPageAsync("/readyz"));
    }

    /// <summary>Stops one service as an operator does: the node drains.</summary>
    internal async Task StopAsync(string service)
    {
        var result = await Command.RunAsync(Script("ops/stop"), [service], _environment);
        result.Code.ShouldBe(0, result.Output);
    }

    /// <summary>Starts control plane and node anew with other settings; null takes one away.</summary>
    internal async Task RestartWithAsync(params (string Name, string? Value)[] settings)
    {
        foreach (var (name, value) in settings)
        {
            if (value is null) _environment.Remove(name);
            else _environment[name] = value;
        }
        await StopAsync("node");
        await StopAsync("controlplane");
        await StartAsync("controlplane", "node");
    }

    /// <summary>kill -9 of a service itself; its supervisor starts it again.</summary>
    internal async Task KillAsync(string service)
    {
        var pid = Pid(service);
        Signals.Kill(pid);
        await Wait.UntilAsync($"{service} started again", 20_000, () => Task.FromResult(Pid(service) is var now
            && now != 0 && now != pid));
    }

    /// <summary>The process id of a running service; 0 when its file is not there.</summary>
    internal int Pid(string service)
    {
        var file = Path.Combine(_runDir, service + ".pid");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid)
            ? pid
            : 0;
    }

    /// <summary>Waits until the node takes calls (again).</summary>
    internal Task NodeReadyAsync() => ReadyAsync("node", () => Http.NodePageAsync("/readyz"));

    private static Task ReadyAsync(string what, Func<Task<string>> page)
        => Wait.UntilAsync($"{what} ready", 60_000, async () =>
        {
            try
            {
                await page();
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });

    /// <summary>
    /// A new tracking number that forwards to as many shops, each with a trunk and a port of its own.
    /// </summary>
    internal async Task<Line> NewLineAsync(
        int shopCount = 1, int ringSec = 20, string reliable = "off", string redirect = "refuse",
        string refer = "refuse", string holdMusic = "")
    {
        var serial = Interlocked.Increment(ref _lineCount);
        var line = new Line(this, string.Create(CultureInfo.InvariantCulture, $"0505{serial:D7}"),
            [.. Enumerable.Range(0, shopCount).Select(at => Destination(serial, at))],
            [.. Enumerable.Range(0, shopCount).Select(_ => NextPeerPort())]);
        for (var at = 0; at < shopCount; at++)
            await AddTrunkAsync(line.Destinations[at], line.ShopPorts[at], reliable, redirect, refer, holdMusic);
        await Http.WriteAsync(HttpMethod.Post, "/v1/numbers", new
        {
            din_id = line.DinId,
            client_id = AdvertiserId,
            dialin_name = "line " + Text(serial),
            destinations = line.Destinations.Select(number => new { fwd_id = number, ring_sec = ringSec }),
        });
        await ChangeSeenAsync();
        return line;
    }

    /// <summary>Waits until the node has applied every change made so far by the API.</summary>
    internal Task ChangeSeenAsync() => new ChangeWait(Http, _ports.Redis).SeenAsync();

    /// <summary>A trunk that leads a destination to a port of this machine.</summary>
    internal Task AddTrunkAsync(
        string destination, int port, string reliable = "off", string redirect = "refuse",
        string refer = "refuse", string holdMusic = "")
        => Http.WriteAsync(HttpMethod.Post, "/v1/trunks", new
        {
            trunk_id = "e2e-" + destination,
            name = "shop " + destination,
            address = $"127.0.0.1:{port}",
            prefixes = new[] { destination },
            inbound_from = Array.Empty<string>(),
            reliable_provisional = reliable,
            redirect,
            refer,
            hold_music = holdMusic,
            // SIPp plays calls by script and takes an OPTIONS for one that goes wrong.
            probe_sec = 0,
        });

    /// <summary>
    /// The next signalling port for a SIPp; they are used in turn, so that late messages find nobody.
    /// </summary>
    internal int NextPeerPort() => _ports.Peers + (Interlocked.Increment(ref _peerCount) % PortBlock.PeerCount * 8);

    /// <summary>A folder for one SIPp's files.</summary>
    internal string NewFolder()
        => Directory.CreateDirectory(Path.Combine(_runDir, "sipp", Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>All rows of a number.</summary>
    internal async Task<IReadOnlyList<CallRow>> RowsAsync(string dinId)
        => [.. (await Http.QueryAsync($"SELECT {CallRow.Columns} FROM calltracker.call_records "
            + $"WHERE din_id = '{dinId}' ORDER BY din_tms, trn_id")).Select(row => new CallRow(row))];

    /// <summary>A counter or gauge of the node, its label sets added up; 0 when it has no value yet.</summary>
    internal async Task<double> NodeMetricAsync(string name)
        => (await Http.NodePageAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)
                || line.StartsWith(name + "{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static string Destination(int serial, int at)
        => string.Create(CultureInfo.InvariantCulture, $"0399{serial:D5}{at:D1}");

    private static string Script(string path) => Path.Combine(RepositoryPaths.Root, path);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
