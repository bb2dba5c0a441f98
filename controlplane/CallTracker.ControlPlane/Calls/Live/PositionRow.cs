namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>The end of the ledger. Immutable.</summary>
internal sealed record PositionRow
{
    public ulong Position { get; init; }
}
