using System.Net;
using CallTracker.Node.Streams;

namespace CallTracker.Node.Options;

/// <summary>
/// The node's addresses and its settings for TCP and TLS, from the environment. Read once at start; a bad value ends
/// it.
/// </summary>
internal sealed record TransportOptions
{
    /// <summary>One address, or one of each IP version.</summary>
    public required IReadOnlyList<IPAddress> Binds { get; init; }
    /// <summary>The addresses peers reach us at, in the order of <see cref="Binds"/>.</summary>
    public required IReadOnlyList<IPAddress> Advertised { get; init; }
    public required int SipTlsPort { get; init; }
    /// <summary>Longer requests go over TCP where UDP is meant; 0: never.</summary>
    public required int UdpRequestBytesMax { get; init; }
    public required TlsSettings Tls { get; init; }
    public required StreamSettings Streams { get; init; }

    public static TransportOptions From(EnvironmentReader read)
    {
        var binds = read.Addresses("CALLTRACKER_BIND", [IPAddress.Loopback]);
        var streams = new StreamSettings();
        return new TransportOptions
        {
            Binds = binds,
            Advertised = Pair(binds, read.Addresses("CALLTRACKER_ADVERTISE", binds)),
            SipTlsPort = read.Port("CALLTRACKER_SIP_TLS_PORT", 5061),
            UdpRequestBytesMax = read.Number("CALLTRACKER_SIP_UDP_BYTES", 1300, 0, 65535),
            Tls = ReadTls(read),
            Streams = streams with
            {
                ConnectionsMax = read.Number("CALLTRACKER_STREAM_CONNECTIONS", streams.ConnectionsMax, 1, 100_000),
                ConnectionsPerSourceMax = read.Number(
                    "CALLTRACKER_STREAM_PER_SOURCE", streams.ConnectionsPerSourceMax, 1, 100_000),
                IdleMs = read.Number("CALLTRACKER_STREAM_IDLE_SEC", streams.IdleMs / 1000, 1, 86_400) * 1000,
                PartialMsMax = 1000 * read.Number(
                    "CALLTRACKER_STREAM_PARTIAL_SEC", streams.PartialMsMax / 1000, 1, 600),
            },
        };
    }

    private static TlsSettings ReadTls(EnvironmentReader read)
    {
        var certificate = PathOf(read, "CALLTRACKER_TLS_CERT");
        var key = PathOf(read, "CALLTRACKER_TLS_KEY");
        if (certificate is null != key is null)
            throw new OptionException("CALLTRACKER_TLS_CERT and CALLTRACKER_TLS_KEY belong together.");
        return new TlsSettings
        {
            CertificatePath = certificate,
            KeyPath = key,
            CaPath = PathOf(read, "CALLTRACKER_TLS_CA"),
            ClientAuth = read.Text("CALLTRACKER_TLS_CLIENT_AUTH", "off") switch
            {
                "off" => TlsClientAuth.Off,
                "request" => TlsClientAuth.Request,
                "require" => TlsClientAuth.Require,
                _ => throw new OptionException("CALLTRACKER_TLS_CLIENT_AUTH must be require, request or off."),
            },
            Verify = read.Text("CALLTRACKER_TLS_VERIFY", "on") switch
            {
                "on" => true,
                "off" => false,
                _ => throw new OptionException("CALLTRACKER_TLS_VERIFY must be on or off."),
            },
        };
    }

    private static string? PathOf(EnvironmentReader read, string name) =>
        read.Text(name, "") is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    // An address of a version that is not advertised is reached as it is.
    private static List<IPAddress> Pair(IReadOnlyList<IPAddress> binds, IReadOnlyList<IPAddress> advertised)
    {
        if (advertised.Any(a => binds.All(b => b.AddressFamily != a.AddressFamily)))
            throw new OptionException("CALLTRACKER_ADVERTISE names an IP version that CALLTRACKER_BIND does not.");
        return [.. binds.Select(b => advertised.FirstOrDefault(a => a.AddressFamily == b.AddressFamily) ?? b)];
    }
}
