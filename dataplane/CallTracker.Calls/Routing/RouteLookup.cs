namespace CallTracker.Calls.Routing;

/// <summary>The answer to a route look-up.</summary>
public enum RouteLookup
{
    /// <summary>The route is at hand.</summary>
    Found,
    /// <summary>The number is known not to exist.</summary>
    NotFound,
    /// <summary>It is being asked for; the worker is told through its mailbox.</summary>
    Pending,
    /// <summary>It cannot be known now (the store is away and the number was never seen).</summary>
    Unavailable,
}
