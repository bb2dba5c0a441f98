using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Tests.Kit;

/// <summary>Routes by hand: known, unknown, pending or unavailable.</summary>
internal sealed class ScriptedRoutes : IRouteSource
{
    private readonly Dictionary<PhoneNumber, Route> _routes = [];

    public TrunkTable Trunks { get; set; } = TrunkTable.Empty;

    /// <summary>What is answered for a number that has no route.</summary>
    public RouteLookup Otherwise { get; set; } = RouteLookup.NotFound;

    public int Asked { get; private set; }

    public void Set(Route route) => _routes[route.Number] = route;

    public RouteLookup Find(PhoneNumber number, int worker, out Route? route)
    {
        Asked++;
        return _routes.TryGetValue(number, out route) ? RouteLookup.Found : Otherwise;
    }

    public static PhoneNumber Number(string digits)
    {
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(digits), out var number);
        return number;
    }
}
