using CallTracker.Calls.Model;
using CallTracker.Core.Net;

namespace CallTracker.Calls.Routing;

/// <summary>
/// All trunks at one moment. Immutable; a change builds a new one and one volatile write publishes it.
/// </summary>
/// <param name="trunks">Enabled trunks.</param>
public sealed class TrunkTable(Trunk[] trunks)
{
    /// <summary>The table before anything was read.</summary>
    public static TrunkTable Empty { get; } = new([]);

    public int Count => trunks.Length;

    /// <summary>True when some trunk registers with us: then REGISTER of strangers is worth reading.</summary>
    public bool AcceptsRegistration { get; } = Array.Exists(trunks, static trunk => trunk.AcceptsRegistration);

    /// <summary>True when this node registers with some trunk.</summary>
    public bool Registers { get; } = Array.Exists(trunks, static trunk => trunk.Register);

    internal ReadOnlySpan<Trunk> All => trunks;

    internal Trunk? FindById(string id)
    {
        foreach (var trunk in trunks)
        {
            if (trunk.Id == id) return trunk;
        }
        return null;
    }

    /// <summary>True when datagrams from this source are worth reading: a trunk admits it or lives there.</summary>
    public bool Knows(in IpEndpoint source)
    {
        foreach (var trunk in trunks)
        {
            if (trunk.Address.SameAddress(source) || ExactnessOf(trunk, source) >= 0) return true;
        }
        return false;
    }

    /// <summary>
    /// The trunk that admits calls from this source; the most exact rule wins, and then the operator asked for.
    /// </summary>
    /// <param name="source">Where the INVITE came from.</param>
    /// <param name="operatorId">Preferred among equally exact ones (the called number's operator), or null.</param>
    public Trunk? FindInbound(in IpEndpoint source, string? operatorId)
    {
        Trunk? best = null;
        var bestScore = -1;
        foreach (var trunk in trunks)
        {
            var exactness = ExactnessOf(trunk, source);
            if (exactness < 0) continue;
            var score = (exactness * 2) + (trunk.OperatorId == operatorId ? 1 : 0);
            if (score > bestScore) (best, bestScore) = (trunk, score);
        }
        return best;
    }

    /// <summary>
    /// The operator's trunk for a destination: longest prefix, then lowest priority number, then first in the table.
    /// </summary>
    public Trunk? FindOutbound(string operatorId, PhoneNumber destination)
    {
        Trunk? best = null;
        var bestLength = -1;
        foreach (var trunk in trunks)
        {
            if (trunk.OperatorId != operatorId) continue;
            var length = LongestPrefix(trunk, destination);
            if (length < 0 || length < bestLength) continue;
            if (length == bestLength && trunk.Priority >= best!.Priority) continue;
            (best, bestLength) = (trunk, length);
        }
        return best;
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

    private static int LongestPrefix(Trunk trunk, PhoneNumber destination)
    {
        var best = -1;
        foreach (var prefix in trunk.Prefixes)
        {
            if (prefix.Length > best && destination.StartsWith(prefix)) best = prefix.Length;
        }
        return best;
    }
}
