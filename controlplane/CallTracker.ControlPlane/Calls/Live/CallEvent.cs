namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>One event of the live call log. Immutable.</summary>
/// <param name="Position">Its place in the ledger, which is the id of the event.</param>
/// <param name="Name"><c>call</c> or <c>verdict</c>.</param>
/// <param name="Call">The call with the verdict of this event.</param>
internal sealed record CallEvent(ulong Position, string Name, CallRow Call);
