using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Node.Tests.Workers;

/// <summary>Every number has the same route; trunks as given.</summary>
internal sealed class OneNumberRoutes(TrunkTable trunks, PhoneNumber target) : IRouteSource
{
    public TrunkTable Trunks => trunks;

    public RouteLookup Find(PhoneNumber number, int worker, out Route? route)
    {
        route = new Route { Number = number, OperatorId = "op", Targets = [new RouteTarget(target, 5000)] };
        return RouteLookup.Found;
    }
}
