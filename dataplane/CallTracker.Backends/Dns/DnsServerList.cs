using System.Net;

namespace CallTracker.Backends.Dns;

/// <summary>The servers to ask, from the setting or from resolv.conf(5). Stateless.</summary>
internal static class DnsServerList
{
    private const int ServersMax = 3;
    private const int DefaultPort = 53;
    private const string ResolverFile = "/etc/resolv.conf";

    /// <summary>At most three; empty when none is configured, and then every question fails.</summary>
    public static IReadOnlyList<IPEndPoint> Of(string setting)
    {
        if (setting.Length > 0) return Parse(setting.Split(',', StringSplitOptions.TrimEntries));
        try
        {
            return FromResolverFile(File.ReadAllLines(ResolverFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // nameserver 192.0.2.1
    public static IReadOnlyList<IPEndPoint> FromResolverFile(IEnumerable<string> lines) => Parse(lines
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words is ["nameserver", _, ..])
        .Select(words => words[1]));

    private static List<IPEndPoint> Parse(IEnumerable<string> texts)
    {
        var servers = new List<IPEndPoint>();
        foreach (var text in texts)
        {
            if (servers.Count == ServersMax || !IPEndPoint.TryParse(text, out var server)) continue;
            servers.Add(server.Port == 0 ? new IPEndPoint(server.Address, DefaultPort) : server);
        }
        return servers;
    }
}
