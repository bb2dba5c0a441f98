using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Simulation.Tests.World;

/// <summary>Routes of a seed: known at once, after a while, or never. Owned by its <see cref="SimWorld"/>.</summary>
internal sealed class SimRoutes(SimWorld world) : IRouteSource
{
    private readonly Dictionary<PhoneNumber, Route> _routes = [];
    private readonly HashSet<PhoneNumber> _known = [];
    private readonly HashSet<PhoneNumber> _asked = [];

    public required TrunkTable Trunks { get; init; }

    public void Add(string number, RouteTarget[] targets)
    {
        var packed = Number(number);
        _routes[packed] = new Route { Number = packed, OperatorId = "op", Targets = targets };
    }

    public RouteLookup Find(PhoneNumber number, int worker, out Route? route)
    {
        route = null;
        var isKnown = world.Terrain.LookupMs == 0 || _known.Contains(number);
        if (!isKnown)
        {
            if (_asked.Add(number) && !IsLost(number)) world.Later(world.Terrain.LookupMs, () => Settle(number));
            return RouteLookup.Pending;
        }
        return _routes.TryGetValue(number, out route) ? RouteLookup.Found : RouteLookup.NotFound;
    }

    public static PhoneNumber Number(string digits)
    {
        PhoneNumber.TryPack(Encoding.ASCII.GetBytes(digits), out var number);
        return number;
    }

    private bool IsLost(PhoneNumber number) => world.Terrain.LosesLookups && number.GetHashCode() % 2 == 0;

    private void Settle(PhoneNumber number)
    {
        _known.Add(number);
        world.Engine.OnRouteSettled(number, world.Clock.At);
    }
}
