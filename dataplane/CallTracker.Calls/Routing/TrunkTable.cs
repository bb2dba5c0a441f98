using CallTracker.Calls.Model;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Routing;

/// <summary>
/// All trunks at one moment. Immutable; a change builds a new one and one volatile write publishes it.
/// </summary>
/// <param name="trunks">Enabled trunks.</param>
public sealed class TrunkTable(Trunk[] trunks)
{
    private readonly Dictionary<string, Trunk[]> _byOperator = GroupByOperator(trunks);

    /// <summary>The table before anything was read.</summary>
    public static TrunkTable Empty { get; } = new([]);

    public int Count => trunks.Length;

    /// <summary>All of them.</summary>
    public ReadOnlySpan<Trunk> All => trunks;

    /// <summary>Those of one operator.</summary>
    public ReadOnlySpan<Trunk> OfOperator(string operatorId) =>
        _byOperator.TryGetValue(operatorId, out var found) ? found : [];

    /// <summary>True when datagrams from this source are worth reading: a trunk admits it or lives there.</summary>
    public bool Knows(in IpEndpoint source)
    {
        foreach (var trunk in trunks)
        {
            if (LivesAt(trunk, source) || ExactnessOf(trunk, source) >= 0) return true;
        }
        return false;
    }

    /// <summary>
    /// The trunk that admits calls from this source; the most exact rule wins, and then the operator asked for.
    /// </summary>
    /// <param name="source">Where the INVITE came from.</param>
    /// <param name="operatorId">Preferred among equally exact ones (the called number's operator), or null.</param>
    /// <param name="transport">
    /// How it came. A trunk that is to use TLS admits nothing else: an address alone is easy to borrow.
    /// </param>
    public Trunk? FindInbound(
        in IpEndpoint source, string? operatorId, SipTransportKind transport = SipTransportKind.Tls)
    {
        Trunk? best = null;
        var bestScore = -1;
        foreach (var trunk in trunks)
        {
            var exactness = ExactnessOf(trunk, source);
            if (exactness < 0 || (trunk.Transport == SipTransportKind.Tls && transport != SipTransportKind.Tls))
                continue;
            var score = (exactness * 2) + (trunk.OperatorId == operatorId ? 1 : 0);
            if (score > bestScore) (best, bestScore) = (trunk, score);
        }
        return best;
    }

    /// <summary>The TLS trunk that lives at an address, at this port before any other; null when there is none.
    /// </summary>
    public Trunk? FindTls(in IpEndpoint address)
    {
        Trunk? found = null;
        foreach (var trunk in trunks)
        {
            foreach (var endpoint in trunk.Endpoints)
            {
                if (endpoint.Transport != SipTransportKind.Tls || !endpoint.Address.SameAddress(address)) continue;
                if (endpoint.Address == address) return trunk;
                found ??= trunk;
            }
        }
        return found;
    }

    /// <summary>True when calls are sent to this address by this transport.</summary>
    public bool IsTrunk(in IpEndpoint address, SipTransportKind transport)
    {
        foreach (var trunk in trunks)
        {
            foreach (var endpoint in trunk.Endpoints)
            {
                if (endpoint.Transport == transport && endpoint.Address == address) return true;
            }
        }
        return false;
    }

    private static Dictionary<string, Trunk[]> GroupByOperator(Trunk[] trunks)
    {
        var lists = new Dictionary<string, List<Trunk>>(StringComparer.Ordinal);
        foreach (var trunk in trunks)
        {
            if (!lists.TryGetValue(trunk.OperatorId, out var list)) lists[trunk.OperatorId] = list = [];
            list.Add(trunk);
        }
        var groups = new Dictionary<string, Trunk[]>(lists.Count, StringComparer.Ordinal);
        foreach (var (operatorId, list) in lists) groups[operatorId] = [.. list];
        return groups;
    }

    private static bool LivesAt(Trunk trunk, in IpEndpoint source)
    {
        foreach (var endpoint in trunk.Endpoints)
        {
            if (endpoint.Address.SameAddress(source)) return true;
        }
        return false;
    }

    private static int ExactnessOf(Trunk trunk, in IpEndpoint source)
    {
        var best = -1;
        foreach (var rule in trunk.InboundFrom)
        {
            if (rule.Exactness > best && rule.Matches(source)) best = rule.Exactness;
        }
        return best;
    }

    /// <summary>Digits of the trunk's longest prefix that the destination begins with; -1 when there is none.</summary>
    internal static int LongestPrefix(Trunk trunk, PhoneNumber destination)
    {
        var best = -1;
        foreach (var prefix in trunk.Prefixes)
        {
            if (prefix.Length > best && destination.StartsWith(prefix)) best = prefix.Length;
        }
        return best;
    }
}
