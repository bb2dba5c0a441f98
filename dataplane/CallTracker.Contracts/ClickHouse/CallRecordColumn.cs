using CallTracker.Contracts.Calls;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// One column of <c>call_records</c>: its name, its ClickHouse type and how a record's value is written.
/// </summary>
public sealed record CallRecordColumn(string Name, string Type, Action<RowBinaryWriter, CallRecord> Write);
