using CallTracker.Calls.Model;

namespace CallTracker.Calls.Routing;

/// <summary>
/// Told by the route source's threads that a pending look-up has an answer; passes it to the worker's mailbox.
/// </summary>
public interface IRouteWaiter
{
    void OnRouteSettled(int worker, PhoneNumber number);
}
