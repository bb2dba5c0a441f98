using CallTracker.Contracts.Tracing;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// One column of <c>sip_messages</c>: its name, its ClickHouse type and how a record's value is written.
/// </summary>
public sealed record SipMessageColumn(string Name, string Type, Action<RowBinaryWriter, SipMessageRecord> Write);
