using System.Text;
using CallTracker.Backends.Dns;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Routes;

/// <summary>Where a trunk's calls go to and come from, names resolved. Stateless; the feed's task.</summary>
internal static class TrunkPlaces
{
    private const ushort DefaultPort = 5060;
    private const ushort DefaultTlsPort = 5061;
    private const int AddressBits = 128;

    /// <summary>
    /// The addresses of the trunk; none for one that registers with us, null when nothing is known of its name yet.
    /// </summary>
    public static TrunkEndpoint[]? TryFind(
        TrunkRecord record, SipTransportKind transport, Func<SipName, LocatedName?> find, Trunk? before)
    {
        if (record is { AcceptsRegistration: true, Address.Length: 0 }) return [];
        if (!HostText.TrySplit(record.Address, out var host, out var named)) return null;
        var port = named != 0 ? named : transport == SipTransportKind.Tls ? DefaultTlsPort : DefaultPort;
        if (HostText.TryParseAddress(host, port, out var literal))
            return [Endpoint(new SipLocation(literal, 0, 0), transport, before)];
        var located = find(new SipName(host.ToLowerInvariant(), named, transport));
        return located is null ? null : [.. located.Locations.Select(l => Endpoint(l, transport, before))];
    }

    /// <summary>
    /// The sources it admits; null when one makes no sense. A name of which nothing is known yet admits nobody.
    /// </summary>
    public static InboundSource[]? TryFindSources(
        TrunkRecord record, SipTransportKind transport, Func<SipName, LocatedName?> find)
    {
        var sources = new List<InboundSource>();
        foreach (var text in record.InboundFrom)
        {
            if (HostText.TryParseSource(text, out var source))
            {
                sources.Add(source);
                continue;
            }
            if (!HostText.TrySplit(text, out var host, out var port) || !DnsQuestion.IsName(host)) return null;
            // Digits and dots are a mistyped address, never a name.
            if (char.IsAsciiDigit(host[^1])) return null;
            if (find(new SipName(host.ToLowerInvariant(), port, transport)) is not { } located) continue;
            foreach (var location in located.Locations)
                sources.Add(new InboundSource(location.Address.WithPort(port), AddressBits));
        }
        return [.. sources];
    }

    /// <summary>What stands in URIs to the trunk when it is given by name; else empty.</summary>
    public static byte[] UriHostOf(TrunkRecord record)
    {
        var isName = HostText.TrySplit(record.Address, out var host, out _)
            && !HostText.TryParseAddress(host, 0, out _);
        return isName ? Encoding.ASCII.GetBytes(record.Address) : [];
    }

    private static TrunkEndpoint Endpoint(SipLocation location, SipTransportKind transport, Trunk? before)
    {
        var known = before?.Endpoints.FirstOrDefault(e => e.Address == location.Address && e.Transport == transport);
        return new TrunkEndpoint
        {
            Address = location.Address,
            Transport = transport,
            Priority = location.Priority,
            Weight = location.Weight,
            Health = known?.Health ?? new EndpointHealth(),
        };
    }
}
