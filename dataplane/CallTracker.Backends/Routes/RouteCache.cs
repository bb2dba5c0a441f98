using System.Collections.Concurrent;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Routes by number, and numbers known not to exist. Workers read without a lock and without allocating; the feed's
/// tasks write. Both parts are bounded: when one is full, a hundredth of it is forgotten.
/// </summary>
internal sealed class RouteCache
{
    private readonly ConcurrentDictionary<PhoneNumber, Route> _routes = new();
    private readonly ConcurrentDictionary<PhoneNumber, bool> _negatives = new();
    private readonly int _routesMax;
    private readonly int _negativesMax;
    private int _routeCount;
    private int _negativeCount;

    public RouteCache(int routesMax, int negativesMax)
    {
        _routesMax = routesMax;
        _negativesMax = negativesMax;
    }

    public int RouteCount => Volatile.Read(ref _routeCount);
    public int NegativeCount => Volatile.Read(ref _negativeCount);

    /// <summary>
    /// True when the number is known; <paramref name="route"/> is null when it is known not to exist.
    /// </summary>
    // :: Step P7
    public bool TryGet(PhoneNumber number, out Route? route) =>
        _routes.TryGetValue(number, out route) || _negatives.ContainsKey(number);

    public bool HasRoute(PhoneNumber number) => _routes.ContainsKey(number);

    public void Put(PhoneNumber number, Route? route)
    {
        if (route is null) PutNegative(number);
        else PutRoute(number, route);
    }

    public void ForgetNegative(PhoneNumber number)
    {
        if (_negatives.TryRemove(number, out _)) Interlocked.Decrement(ref _negativeCount);
    }

    public void ForgetNegatives()
    {
        foreach (var (number, _) in _negatives) ForgetNegative(number);
    }

    /// <summary>The numbers that have a route now; changes meanwhile may or may not show.</summary>
    public IEnumerable<PhoneNumber> Numbers()
    {
        foreach (var (number, _) in _routes) yield return number;
    }

    private void PutRoute(PhoneNumber number, Route route)
    {
        // The route goes in before the negative goes out: a worker in between finds one of them.
        if (_routes.TryAdd(number, route)) Interlocked.Increment(ref _routeCount);
        else _routes[number] = route;
        ForgetNegative(number);
        if (RouteCount > _routesMax) Thin(_routes, number, _routesMax / 100, ref _routeCount);
    }

    private void PutNegative(PhoneNumber number)
    {
        if (_negatives.TryAdd(number, true)) Interlocked.Increment(ref _negativeCount);
        if (_routes.TryRemove(number, out _)) Interlocked.Decrement(ref _routeCount);
        if (NegativeCount > _negativesMax) Thin(_negatives, number, _negativesMax / 100, ref _negativeCount);
    }

    private static void Thin<T>(
        ConcurrentDictionary<PhoneNumber, T> entries, PhoneNumber kept, int count, ref int total)
    {
        var left = count + 1;
        foreach (var (number, _) in entries)
        {
            if (number == kept || !entries.TryRemove(number, out _)) continue;
            Interlocked.Decrement(ref total);
            if (--left == 0) return;
        }
    }
}
