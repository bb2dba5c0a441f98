namespace CallTracker.Contracts.Tracing;

/// <summary>
/// An order to keep the messages of calls to a number, of a caller, or of a caller to a number, until a moment. JSON in
/// the hash <see cref="Redis.RedisKeys.Traces"/> by trace id; nodes leave expired ones alone, whoever writes the next
/// one removes them.
/// </summary>
public sealed record TraceRequestRecord
{
    public ulong Version { get; init; }
    public required string TraceId { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>Normalised tracking number; empty for all numbers of the operator.</summary>
    public string DinId { get; init; } = "";
    /// <summary>Keyed hash of the caller's number by <see cref="Calls.CallerCipher"/>; 0 for all callers.</summary>
    public ulong CallerKey { get; init; }
    /// <summary>The caller's number sealed, for showing the order to those who may see it.</summary>
    public string CallerCipher { get; init; } = "";
    public string Note { get; init; } = "";
    /// <summary>Key that asked.</summary>
    public string CreatedBy { get; init; } = "";
    /// <summary>Unix milliseconds, UTC.</summary>
    public required long CreatedMs { get; init; }
    /// <summary>Unix milliseconds, UTC: calls that end later are not kept because of this.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>True when a call of this operator that ended at this moment is to be kept.</summary>
    public bool Matches(string operatorId, string dinId, ulong callerKey, long endedMs) =>
        endedMs >= CreatedMs && endedMs < ExpiresMs && operatorId == OperatorId
        && (DinId.Length == 0 || DinId == dinId) && (CallerKey == 0 || CallerKey == callerKey);
}
