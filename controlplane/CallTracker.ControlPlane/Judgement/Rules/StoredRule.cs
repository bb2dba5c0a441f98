namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>
/// A rule as it is kept: with the hashes of its excluded callers, by which ClickHouse judges. Immutable.
/// </summary>
public sealed record StoredRule
{
    public ulong Version { get; init; }
    public required JudgementRule Rule { get; init; }
    public IReadOnlyList<ulong> ExcludedKeys { get; init; } = [];
}
