namespace CallTracker.ControlPlane.Store;

/// <summary>The outcome of an atomic change.</summary>
/// <param name="Outcome">Done, or the guard that failed.</param>
/// <param name="Version">The new version; 0 when nothing was changed.</param>
internal readonly record struct CommitResult(CommitOutcome Outcome, ulong Version)
{
    public bool IsDone => Outcome == CommitOutcome.Done;
}
