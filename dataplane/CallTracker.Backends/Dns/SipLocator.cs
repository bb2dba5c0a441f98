using System.Net;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Dns;

/// <summary>
/// Finds the servers of a name (RFC 3263 section 4): NAPTR, SRV, then addresses; with a port addresses alone. The
/// trunk's transport is a decision of its operator: of the NAPTR records only those for it are followed. Any thread.
/// </summary>
internal sealed class SipLocator(IDnsSource dns, DnsOptions options)
{
    /// <summary>Places of one name; more are left out.</summary>
    public const int LocationsMax = 16;
    private const int ServersMax = 8;
    private const int AliasesMax = 4;
    private const int DefaultPort = 5060;
    private const int DefaultTlsPort = 5061;

    /// <summary>Null when the name has no usable record now.</summary>
    public async Task<LocatedName?> LocateAsync(SipName name, CancellationToken ct)
    {
        var found = new List<SipLocation>();
        var ttlSec = int.MaxValue;
        if (name.Port == 0 && !IsInHostsFile(name.Host))
        {
            var (servers, serversTtlSec, isDecided) = await FindServersAsync(name, ct);
            foreach (var server in servers)
            {
                ttlSec = Math.Min(ttlSec, serversTtlSec);
                ttlSec = Math.Min(ttlSec, await AddAddressesAsync(
                    found, server.Target, server.Port, server.Order, server.Share, ct));
            }
            // Records that name no server, or that could not be asked for, are not replaced by a guess.
            if (isDecided) return Finish(found, ttlSec);
        }
        var port = name.Port != 0 ? name.Port : name.Transport == SipTransportKind.Tls ? DefaultTlsPort : DefaultPort;
        ttlSec = Math.Min(ttlSec, await AddAddressesAsync(found, name.Host, port, 0, 0, ct));
        return Finish(found, ttlSec);
    }

    private bool IsInHostsFile(string host) => HostsFile.Find(options.HostsFile, host).Count > 0;

    private async Task<(List<DnsRecord> Servers, int TtlSec, bool IsDecided)> FindServersAsync(
        SipName name, CancellationToken ct)
    {
        var pointers = await dns.AskAsync(name.Host, DnsType.Naptr, ct);
        var service = ServiceOf(name.Transport);
        var pointer = pointers.Records
            .Where(r => r.Type == DnsType.Naptr && r.Flags == "s" && r.Service == service)
            .OrderBy(r => r.Order).ThenBy(r => r.Share).FirstOrDefault();
        var serverName = pointer?.Target ?? DefaultServerName(name);
        var answer = await dns.AskAsync(serverName, DnsType.Srv, ct);
        if (answer.Status == DnsStatus.Failed) return ([], 0, true);
        var servers = answer.Records.Where(r => r.Type == DnsType.Srv).OrderBy(r => r.Order)
            .Take(ServersMax).ToList();
        var ttlSec = servers.Select(r => r.TtlSec).Append(pointer?.TtlSec ?? int.MaxValue).Min();
        // RFC 2782: the target "." says that the service is decidedly not there.
        var usable = servers.Where(r => r.Target.Length > 0 && r.Port > 0).ToList();
        return (usable, ttlSec, servers.Count > 0);
    }

    /// <summary>Adds the addresses of a host; the TTL.</summary>
    private async Task<int> AddAddressesAsync(
        List<SipLocation> found, string host, int port, int priority, int weight, CancellationToken ct)
    {
        var fromFile = HostsFile.Find(options.HostsFile, host);
        if (fromFile.Count > 0)
        {
            foreach (var address in fromFile) Add(found, address, port, priority, weight);
            return options.RefreshSecMax;
        }
        var ttlSec = int.MaxValue;
        foreach (var type in (DnsType[])[DnsType.A, DnsType.Aaaa])
        {
            if (type == DnsType.A ? !options.UsesIpv4 : !options.UsesIpv6) continue;
            foreach (var record in await AskAddressesAsync(host, type, ct))
            {
                ttlSec = Math.Min(ttlSec, record.TtlSec);
                if (record.Address is { } address) Add(found, address, port, priority, weight);
            }
        }
        return ttlSec;
    }

    // A server answers with the whole chain of aliases as far as it knows; what it leaves open is asked for.
    private async Task<List<DnsRecord>> AskAddressesAsync(string host, DnsType type, CancellationToken ct)
    {
        var used = new List<DnsRecord>();
        var name = host;
        for (var asks = 0; asks < AliasesMax; asks++)
        {
            var answer = await dns.AskAsync(name, type, ct);
            var before = name;
            for (var links = 0; links < DnsParser.RecordsMax; links++)
            {
                var alias = answer.Records.FirstOrDefault(r => r.Type == DnsType.Cname && r.Owner == name);
                if (alias is null) break;
                used.Add(alias);
                name = alias.Target;
            }
            var addresses = answer.Records.Where(r => r.Type == type && r.Owner == name).ToList();
            if (addresses.Count > 0) return [.. used, .. addresses];
            if (name == before) break;
        }
        return [];
    }

    private void Add(List<SipLocation> found, IPAddress address, int port, int priority, int weight)
    {
        var location = new SipLocation(IpEndpoint.From(address, port), priority, weight);
        var isUsable = location.Address.IsIpv4 ? options.UsesIpv4 : options.UsesIpv6;
        if (!isUsable || location.Address.IsUnspecified || location.Address.IsMulticast) return;
        if (found.Count < LocationsMax && !found.Exists(l => l.Address == location.Address)) found.Add(location);
    }

    private static LocatedName? Finish(List<SipLocation> found, int ttlSec)
    {
        if (found.Count == 0) return null;
        var ordered = found.OrderBy(l => l.Priority).ThenBy(l => l.Address.IsIpv4 ? 0 : 1)
            .ThenBy(l => l.Address.High).ThenBy(l => l.Address.Low).ThenBy(l => l.Address.Port);
        return new LocatedName([.. ordered], ttlSec);
    }

    private static string ServiceOf(SipTransportKind transport) => transport switch
    {
        SipTransportKind.Tcp => "sip+d2t",
        SipTransportKind.Tls => "sips+d2t",
        _ => "sip+d2u",
    };

    private static string DefaultServerName(SipName name) => name.Transport switch
    {
        SipTransportKind.Tcp => "_sip._tcp." + name.Host,
        SipTransportKind.Tls => "_sips._tcp." + name.Host,
        _ => "_sip._udp." + name.Host,
    };
}
