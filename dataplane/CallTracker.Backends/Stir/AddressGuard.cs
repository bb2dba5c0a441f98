using System.Net;
using System.Net.Sockets;

namespace CallTracker.Backends.Stir;

/// <summary>
/// Decides which addresses a URL chosen by a caller may lead us to: the public internet, nothing inside (server-side
/// request forgery). It judges the address that is connected to, so that no name can point elsewhere meanwhile.
/// Stateless.
/// </summary>
internal static class AddressGuard
{
    // IANA special-purpose registries: everything of IPv4 that is not globally reachable.
    private static readonly IPNetwork[] Inside =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/3"),
    ];

    // Of IPv6 only global unicast, without what tunnels IPv4 addresses or is for documents.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotGlobal =
        [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"),
            IPNetwork.Parse("3fff::/20")];

    public static bool IsOutside(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily == AddressFamily.InterNetwork) return !IsIn(Inside, plain);
        return Global.Contains(plain) && !IsIn(NotGlobal, plain);
    }

    /// <summary>A URL that may be asked at all: https on the ports of ATIS-1000074, no user, of sane length.</summary>
    public static bool TryParse(string text, bool allowsLoopback, out Uri url)
    {
        url = null!;
        if (text.Length > 512 || !Uri.TryCreate(text, UriKind.Absolute, out var parsed)) return false;
        url = parsed;
        if (parsed.UserInfo.Length > 0 || parsed.Fragment.Length > 0) return false;
        if (allowsLoopback && IPAddress.TryParse(parsed.Host, out var host) && IPAddress.IsLoopback(host))
            return parsed.Scheme is "http" or "https";
        return parsed is { Scheme: "https", Port: 443 or 8443 };
    }

    private static bool IsIn(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address)) return true;
        }
        return false;
    }
}
