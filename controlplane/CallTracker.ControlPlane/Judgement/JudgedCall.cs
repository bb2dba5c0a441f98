namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// What the judging SQL says about one call: a row for the ledger, still without position. Immutable.
/// </summary>
internal sealed record JudgedCall
{
    public required string Event { get; init; }
    public string OperatorId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string DinId { get; init; } = "";
    public string DialinId { get; init; } = "";
    public ulong CallerKey { get; init; }
    public long DinMs { get; init; }
    public required string TrnId { get; init; }
    public byte IsAnswered { get; init; }
    public uint TalkingSec { get; init; }
    public long IngestedMs { get; init; }
    public required string Verdict { get; init; }
    public string Reason { get; init; } = "";
    public string DuplicateOf { get; init; } = "";
    public ulong RuleVersion { get; init; }
    public uint Revision { get; init; }
    public string OldVerdict { get; init; } = "none";
}
