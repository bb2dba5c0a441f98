namespace CallTracker.Contracts.Calls;

/// <summary>One try at one destination within a call (順次転送 makes several).</summary>
/// <param name="ForwardTo">Normalised destination number.</param>
/// <param name="SipCode">Final SIP status of the try; 0 when none came (cancelled or timed out by us).</param>
/// <param name="RingMs">Milliseconds from the INVITE to its end.</param>
/// <param name="Trunk">Id of the trunk used, empty when none was found.</param>
public sealed record CallAttempt(string ForwardTo, ushort SipCode, uint RingMs, string Trunk);
