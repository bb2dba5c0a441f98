namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// One row of the views call_log and call_facts, as read from ClickHouse; times are Unix milliseconds. Columns that
/// were not asked for keep their defaults. Immutable, lives while one answer is written.
/// </summary>
internal sealed record CallRow
{
    public string OperatorId { get; init; } = "";
    public ulong SeqNum { get; init; }
    public string TrnId { get; init; } = "";
    public string DinId { get; init; } = "";
    public string ClientId { get; init; } = "";
    public string ClientName { get; init; } = "";
    public string DialinId { get; init; } = "";
    public string DialinName { get; init; } = "";
    public string FwdId { get; init; } = "";
    public string ClrIdCipher { get; init; } = "";
    public ulong CallerKey { get; init; }
    public long DinTms { get; init; }
    public long? TstTms { get; init; }
    public long EocTms { get; init; }
    public uint CallingSec { get; init; }
    public uint TalkingSec { get; init; }
    public uint ConnSec { get; init; }
    public string DialStat { get; init; } = "";
    public string ClrType { get; init; } = "";
    public string FwdType { get; init; } = "";
    public string HupUsr { get; init; } = "";
    public string ValidRes { get; init; } = "";
    public string VerdictReason { get; init; } = "";
    public string DuplicateOf { get; init; } = "";
    public ulong RuleVersion { get; init; }
    public ushort SipCode { get; init; }
    public string EndReason { get; init; } = "";
    public string TrunkIn { get; init; } = "";
    public string TrunkOut { get; init; } = "";
    public string NodeId { get; init; } = "";
    public string CallId { get; init; } = "";
    public ulong RouteVersion { get; init; }
    public ulong InPackets { get; init; }
    public ulong InLost { get; init; }
    public uint InJitterUs { get; init; }
    public ulong InRelayed { get; init; }
    public ulong InDropped { get; init; }
    public ulong OutPackets { get; init; }
    public ulong OutLost { get; init; }
    public uint OutJitterUs { get; init; }
    public ulong OutRelayed { get; init; }
    public ulong OutDropped { get; init; }
    public IReadOnlyList<string> AttemptFwdId { get; init; } = [];
    public IReadOnlyList<int> AttemptSipCode { get; init; } = [];
    public IReadOnlyList<long> AttemptRingMs { get; init; } = [];
    public IReadOnlyList<string> AttemptTrunk { get; init; } = [];
    public byte Recovered { get; init; }
    public string Verstat { get; init; } = "";
    public string Attest { get; init; } = "";
    public ushort StirCode { get; init; }
    public uint InReordered { get; init; }
    public uint InDuplicates { get; init; }
    public uint InJitterMeanUs { get; init; }
    public uint InJitterMaxUs { get; init; }
    public uint InGaps { get; init; }
    public uint InGapMaxMs { get; init; }
    public uint InSilenceMs { get; init; }
    public uint? InFirstPacketMs { get; init; }
    public uint? InRttUs { get; init; }
    public double? InMos { get; init; }
    public uint OutReordered { get; init; }
    public uint OutDuplicates { get; init; }
    public uint OutJitterMeanUs { get; init; }
    public uint OutJitterMaxUs { get; init; }
    public uint OutGaps { get; init; }
    public uint OutGapMaxMs { get; init; }
    public uint OutSilenceMs { get; init; }
    public uint? OutFirstPacketMs { get; init; }
    public uint? OutRttUs { get; init; }
    public double? OutMos { get; init; }
    public string MediaFault { get; init; } = "";
    public string RecordingId { get; init; } = "";
    public string RecordingState { get; init; } = "";
    public uint RecordingSec { get; init; }
    public uint RecordingInLostMs { get; init; }
    public uint RecordingOutLostMs { get; init; }
    public string RecordingFaults { get; init; } = "";
    public string RecordingSha256 { get; init; } = "";
    public string MediaMode { get; init; } = "";
    public uint RecordingPausedMs { get; init; }
    public uint? RecordingConsentMs { get; init; }
    public long? RecordingUntil { get; init; }
}
