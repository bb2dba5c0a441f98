using CallTracker.Calls.Model;

namespace CallTracker.Calls.Routing;

/// <summary>One destination of a route, tried in order.</summary>
/// <param name="Number">Normalised destination.</param>
/// <param name="RingMs">Milliseconds it may ring before the next one is tried.</param>
public sealed record RouteTarget(PhoneNumber Number, int RingMs);
