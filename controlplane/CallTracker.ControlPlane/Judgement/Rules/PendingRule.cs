namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>
/// A change of a rule that the judge has not applied yet. Written in the same script as the rule, so that a change is
/// never forgotten. Immutable.
/// </summary>
public sealed record PendingRule
{
    public ulong Version { get; init; }
    public required string OperatorId { get; init; }
    public required StoredRule Stored { get; init; }
    public bool IsDeleted { get; init; }
    /// <summary>Calls from here on (Unix milliseconds) may be judged differently.</summary>
    public long FromMs { get; init; }
}
