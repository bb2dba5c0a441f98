namespace CallTracker.Contracts.Recordings;

/// <summary>
/// One row of <c>recordings</c>: what a call's recording came to. The row with the highest version counts; a node
/// writes one when a recording is closed, the control plane one when it is deleted.
/// </summary>
public sealed class RecordingRecord
{
    public required string TrnId { get; init; }
    public required string OperatorId { get; init; }
    public required string ClientId { get; init; }
    public required long DinMs { get; init; }
    public string NodeId { get; init; } = "";
    public long StartMs { get; init; }
    public RecordingSetting Sides { get; init; }
    public required RecordingSummary Summary { get; init; }
    /// <summary>Days after the call that it is to be deleted; 0: never.</summary>
    public int KeepDays { get; init; }
    /// <summary>Bytes of the file; 0 where there is none.</summary>
    public ulong Bytes { get; init; }
    /// <summary>When the row was made, Unix milliseconds.</summary>
    public required ulong Version { get; init; }
}
