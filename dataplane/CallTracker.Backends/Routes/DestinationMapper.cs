using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Numbers;

namespace CallTracker.Backends.Routes;

/// <summary>Turns a route's destination prefixes into what workers ask. Stateless; the feed's tasks.</summary>
internal static class DestinationMapper
{
    private static readonly PhoneNumber[] Barred = Pack(DestinationPlan.Barred)!;

    // Nearly every number has no list of its own; they share one.
    private static readonly DestinationRules Domestic = new(Pack(DestinationPlan.Domestic)!, Barred);

    /// <summary>Null when a prefix is none: a rule that is not understood must not let anything through.</summary>
    public static DestinationRules? TryMap(IReadOnlyList<string>? prefixes)
    {
        if (prefixes is null || prefixes.Count == 0) return Domestic;
        if (prefixes.Count > DestinationPlan.PrefixesMax) return null;
        return Pack(prefixes) is { } allowed ? new DestinationRules(allowed, Barred) : null;
    }

    private static PhoneNumber[]? Pack(IReadOnlyList<string> prefixes)
    {
        var packed = new PhoneNumber[prefixes.Count];
        for (var i = 0; i < packed.Length; i++)
        {
            if (prefixes[i] is null || !RouteMapper.TryPack(prefixes[i], out packed[i])) return null;
        }
        return packed;
    }
}
