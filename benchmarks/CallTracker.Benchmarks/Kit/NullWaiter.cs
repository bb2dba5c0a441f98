using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Nobody waits for a route here.</summary>
internal sealed class NullWaiter : IRouteWaiter
{
    public void OnRouteSettled(int worker, PhoneNumber number)
    {
    }
}
