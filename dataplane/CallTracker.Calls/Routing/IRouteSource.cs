using CallTracker.Calls.Model;

namespace CallTracker.Calls.Routing;

/// <summary>
/// Where workers find routes and trunks. Called by every worker, never blocks, allocates nothing for a known number.
/// </summary>
public interface IRouteSource
{
    /// <summary>The trunks in force; an immutable snapshot.</summary>
    TrunkTable Trunks { get; }

    /// <summary>
    /// Looks a number up. After <see cref="RouteLookup.Pending"/> the worker <paramref name="worker"/> is told once by
    /// <see cref="IRouteWaiter.OnRouteSettled"/> and asks again; asking again meanwhile makes no second query.
    /// </summary>
    RouteLookup Find(PhoneNumber number, int worker, out Route? route);
}
