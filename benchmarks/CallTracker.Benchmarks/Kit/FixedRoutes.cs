using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Benchmarks.Kit;

/// <summary>One route and two trunks, for every number.</summary>
/// <param name="isDirect">True sends their media past the node.</param>
internal sealed class FixedRoutes(bool isDirect = false) : IRouteSource
{
    private readonly Route _route = Routes.Make(120_000_001);

    public TrunkTable Trunks { get; } = Routes.Trunks(isDirect);

    public RouteLookup Find(PhoneNumber number, int worker, out Route? route)
    {
        route = _route;
        return RouteLookup.Found;
    }
}
