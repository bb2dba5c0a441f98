using System.Globalization;
using System.Net;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>What the environment says (ARCHITECTURE.md section 8). Read once at start, immutable.</summary>
internal sealed record ControlPlaneOptions
{
    public required string RunDirectory { get; init; }
    public IPAddress Bind { get; init; } = IPAddress.Loopback;
    public int ApiPort { get; init; } = 8080;
    /// <summary>
    /// A StackExchange.Redis configuration: <c>host:port</c>, more hosts, options such as password and ssl.
    /// </summary>
    public required string Redis { get; init; }
    public required ClickHouseOptions ClickHouse { get; init; }
    /// <summary>Server-sent event streams that may be open at once.</summary>
    public int StreamsMax { get; init; } = 200;

    /// <summary>Where nodes put recordings; null: into the run folder.</summary>
    public string? Recordings { get; init; }

    /// <summary>Where finished recordings go from there; null: they stay.</summary>
    public RecordingBucketOptions? RecordingBucket { get; init; }

    public string RecordingFolder => Recordings ?? Path.Combine(RunDirectory, "recordings");

    public string CallerKeyFile => Path.Combine(RunDirectory, "caller.key");

    /// <summary>Reads the variables; a bad one is named in the exception's text.</summary>
    public static ControlPlaneOptions FromEnvironment(Func<string, string?> variable)
    {
        var clickHousePort = Port(variable, "CALLTRACKER_CLICKHOUSE_PORT", 8123);
        var redisPort = Port(variable, "CALLTRACKER_REDIS_PORT", 6380);
        var host = Address(variable, "CALLTRACKER_BIND");
        var local = IPAddress.Any.Equals(host) || IPAddress.IPv6Any.Equals(host) ? IPAddress.Loopback : host;
        return new ControlPlaneOptions
        {
            RunDirectory = Given(variable, "CALLTRACKER_RUN_DIR") ?? ".run",
            Bind = host,
            Recordings = Given(variable, "CALLTRACKER_RECORDINGS"),
            RecordingBucket = RecordingBucketOptions.FromEnvironment(variable),
            ApiPort = Port(variable, "CALLTRACKER_API_PORT", 8080),
            Redis = Given(variable, "CALLTRACKER_REDIS") ?? new IPEndPoint(local, redisPort).ToString(),
            ClickHouse = ClickHouseAt(Given(variable, "CALLTRACKER_CLICKHOUSE_URL")
                ?? $"http://{new IPEndPoint(local, clickHousePort)}/"),
        };
    }

    // http://user:password@host:8123/?database=name, as other ClickHouse clients write it.
    private static ClickHouseOptions ClickHouseAt(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new FormatException("CALLTRACKER_CLICKHOUSE_URL must be an http or https address.");
        }
        var user = url.UserInfo.Split(':', 2);
        return new ClickHouseOptions
        {
            Address = new UriBuilder(url.Scheme, url.Host, url.Port).Uri,
            User = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "",
        };
    }

    private static IPAddress Address(Func<string, string?> variable, string name)
    {
        if (Given(variable, name) is not { } text) return IPAddress.Loopback;
        // The node may have an address of each IP version; the API is on the first.
        return IPAddress.TryParse(text.Split(',')[0].Trim().Trim('[', ']'), out var address)
            ? address
            : throw new FormatException($"{name} must be an IP address.");
    }

    private static int Port(Func<string, string?> variable, string name, int fallback)
    {
        if (Given(variable, name) is not { } text) return fallback;
        var isPort = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535;
        return isPort ? port : throw new FormatException($"{name} must be a port number.");
    }

    private static string? Given(Func<string, string?> variable, string name) =>
        string.IsNullOrWhiteSpace(variable(name)) ? null : variable(name);
}
