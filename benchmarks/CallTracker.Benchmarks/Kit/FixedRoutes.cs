using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Benchmarks.Kit;

/// <summary>One route and two trunks, for every number.</summary>
internal sealed class FixedRoutes : IRouteSource
{
    private readonly Route _route = Routes.Make(120_000_001);

    public TrunkTable Trunks { get; } = Routes.Trunks();

    public RouteLookup Find(PhoneNumber number, int worker, out Route? route)
    {
        route = _route;
        return RouteLookup.Found;
    }
}
