using CallTracker.Calls.Routing;

namespace CallTracker.Calls.Trunks;

/// <summary>Where an attempt goes.</summary>
/// <param name="Trunk">The trunk, on which a channel was taken.</param>
/// <param name="Endpoint">One of its addresses.</param>
/// <param name="IsLastResort">True when all that could take the call are believed to be down.</param>
internal readonly record struct TrunkChoice(Trunk Trunk, TrunkEndpoint Endpoint, bool IsLastResort);
