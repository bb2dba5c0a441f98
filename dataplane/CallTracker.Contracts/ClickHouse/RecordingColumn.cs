using CallTracker.Contracts.Recordings;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// One column of <c>recordings</c>: its name, its ClickHouse type and how a record's value is written.
/// </summary>
public sealed record RecordingColumn(string Name, string Type, Action<RowBinaryWriter, RecordingRecord> Write);
