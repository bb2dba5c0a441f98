namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>A piece of the live call log.</summary>
/// <param name="Events">In order of position.</param>
/// <param name="Position">How far the piece reaches: nothing at or before it is missing.</param>
/// <param name="IsLast">True when there was no more to read.</param>
internal sealed record FeedPage(IReadOnlyList<CallEvent> Events, ulong Position, bool IsLast);
