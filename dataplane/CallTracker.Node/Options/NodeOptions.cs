using System.Globalization;
using System.Net;
using CallTracker.Core.Net;

namespace CallTracker.Node.Options;

/// <summary>The node's settings from the environment (ARCHITECTURE.md section 8). Read once at start; a bad value ends it.</summary>
internal sealed record NodeOptions
{
    public required string RunDirectory { get; init; }
    public required IPAddress Bind { get; init; }
    /// <summary>The address peers reach us at, when it is not the one bound.</summary>
    public required IPAddress Advertise { get; init; }
    public required int SipPort { get; init; }
    public required int RtpPortFirst { get; init; }
    public required int RtpPortLast { get; init; }
    public required int HttpPort { get; init; }
    public required string Redis { get; init; }
    public required Uri ClickHouse { get; init; }
    public required int Workers { get; init; }
    public required string NodeId { get; init; }
    /// <summary>Seconds a drain may take before the remaining calls are ended.</summary>
    public required int DrainSecMax { get; init; }

    public IpEndpoint SipEndpoint => IpEndpoint.From(Bind, SipPort);

    public static NodeOptions FromEnvironment()
    {
        var bind = Address("CALLTRACKER_BIND", IPAddress.Loopback);
        var (first, last) = Range("CALLTRACKER_RTP_PORTS", 20000, 29999);
        return new NodeOptions
        {
            RunDirectory = Path.GetFullPath(Text("CALLTRACKER_RUN_DIR", ".run")),
            Bind = bind,
            Advertise = Address("CALLTRACKER_ADVERTISE", bind),
            SipPort = Number("CALLTRACKER_SIP_PORT", 5060, 1, 65535),
            RtpPortFirst = first,
            RtpPortLast = last,
            HttpPort = Number("CALLTRACKER_NODE_PORT", 8081, 1, 65535),
            Redis = Text("CALLTRACKER_REDIS", $"127.0.0.1:{Number("CALLTRACKER_REDIS_PORT", 6380, 1, 65535)}"),
            ClickHouse = Url("CALLTRACKER_CLICKHOUSE_URL", Number("CALLTRACKER_CLICKHOUSE_PORT", 8123, 1, 65535)),
            Workers = Number("CALLTRACKER_WORKERS", Math.Clamp(Environment.ProcessorCount, 1, 64), 1, 64),
            NodeId = Text("CALLTRACKER_NODE_ID", "node1"),
            DrainSecMax = Number("CALLTRACKER_DRAIN_SEC", 7200, 0, 86400),
        };
    }

    private static string Text(string name, string fallback)
    {
        var value = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrWhiteSpace(value) ? fallback : value.Trim();
    }

    private static int Number(string name, int fallback, int min, int max)
    {
        var text = Text(name, fallback.ToString(CultureInfo.InvariantCulture));
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        return isNumber && value >= min && value <= max
            ? value
            : throw new OptionException($"{name} must be a number from {min} to {max}.");
    }

    private static (int First, int Last) Range(string name, int first, int last)
    {
        var parts = Text(name, $"{first}-{last}").Split('-');
        if (parts.Length != 2 || !int.TryParse(parts[0], out var from) || !int.TryParse(parts[1], out var to))
            throw new OptionException($"{name} must be two ports like 20000-29999.");
        return from is >= 1024 and < 65535 && to > from && to <= 65535
            ? (from, to)
            : throw new OptionException($"{name} must lie between 1024 and 65535, the first port before the last.");
    }

    private static IPAddress Address(string name, IPAddress fallback) =>
        IPAddress.TryParse(Text(name, fallback.ToString()), out var address)
            ? address
            : throw new OptionException($"{name} must be an IP address.");

    private static Uri Url(string name, int port) =>
        Uri.TryCreate(Text(name, $"http://127.0.0.1:{port}/"), UriKind.Absolute, out var url)
            ? url
            : throw new OptionException($"{name} must be a URL.");
}
