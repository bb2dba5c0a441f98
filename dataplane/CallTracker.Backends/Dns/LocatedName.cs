namespace CallTracker.Backends.Dns;

/// <summary>All places of a name. Immutable.</summary>
/// <param name="Locations">At least one, in a fixed order, so that equal answers are equal lists.</param>
/// <param name="TtlSec">How long that holds.</param>
internal sealed record LocatedName(IReadOnlyList<SipLocation> Locations, int TtlSec);
