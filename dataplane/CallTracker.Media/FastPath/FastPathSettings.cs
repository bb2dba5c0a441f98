using CallTracker.Core.Net;

namespace CallTracker.Media.FastPath;

/// <summary>What the fast path of a node covers. Immutable.</summary>
public sealed class FastPathSettings
{
    /// <summary>Interfaces taken of themselves at most; more want to be named.</summary>
    public const int InterfacesMax = 16;

    /// <summary>First RTP port of the node, even.</summary>
    public required int FirstPort { get; init; }

    /// <summary>Port pairs from there on, of each IP version, of all workers together.</summary>
    public required int PairCount { get; init; }

    /// <summary>The bound address; unspecified when there is none of this version.</summary>
    public required IpEndpoint Ipv4 { get; init; }

    /// <summary>As above.</summary>
    public IpEndpoint Ipv6 { get; init; }

    /// <summary>Names of the interfaces that packets come in by; empty: all Ethernet ones.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    internal bool HasIpv4 => !Ipv4.IsUnspecified && !Ipv4.IsLoopback;

    internal bool HasIpv6 => !Ipv6.IsUnspecified && !Ipv6.IsLoopback;
}
