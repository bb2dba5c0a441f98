namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>One row of the judgement ledger as the stream reads it. Immutable.</summary>
internal sealed record FeedRow
{
    public ulong Position { get; init; }
    public string Event { get; init; } = "";
    public string OperatorId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public long DinTms { get; init; }
    public string TrnId { get; init; } = "";
    public string Verdict { get; init; } = "";
    public string Reason { get; init; } = "";
    public string DuplicateOf { get; init; } = "";
    public ulong RuleVersion { get; init; }
    public long AgeMs { get; init; }
}
