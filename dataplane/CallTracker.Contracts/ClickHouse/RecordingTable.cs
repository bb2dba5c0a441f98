using System.Globalization;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// The table <c>recordings</c> as code: one list holds name, type and writer of each column, so that the order of an
/// insert cannot drift. A test compares it with system.columns of the real engine. Stateless.
/// </summary>
public static class RecordingTable
{
    public const string Name = "recordings";
    private const string Time = "DateTime64(3, 'Asia/Tokyo')";
    internal const string SidesType =
        "Enum8('off' = 0, 'caller' = 1, 'callee' = 2, 'both' = 3, 'failed' = 4)";
    private const string StateType =
        "Enum8('none' = 0, 'complete' = 1, 'interrupted' = 2, 'partial' = 3, 'failed' = 4, 'deleted' = 5)";

    public static IReadOnlyList<RecordingColumn> Columns { get; } =
    [
        new("operator_id", "LowCardinality(String)", (w, r) => w.String(r.OperatorId)),
        new("client_id", "String", (w, r) => w.String(r.ClientId)),
        new("din_tms", Time, (w, r) => w.UnixMs(r.DinMs)),
        new("trn_id", "FixedString(24)", (w, r) => w.FixedString(r.TrnId, 24)),
        new("node_id", "LowCardinality(String)", (w, r) => w.String(r.NodeId)),
        new("start_tms", Time, (w, r) => w.UnixMs(r.StartMs)),
        new("sides", SidesType, (w, r) => w.UInt8((byte)r.Sides)),
        new("state", StateType, (w, r) => w.UInt8((byte)r.Summary.State)),
        new("faults", "Array(LowCardinality(String))", (w, r) => Faults(w, r.Summary.Faults)),
        new("duration_ms", "UInt32", (w, r) => w.UInt32(r.Summary.DurationMs)),
        new("caller_lost_ms", "UInt32", (w, r) => w.UInt32(r.Summary.CallerLostMs)),
        new("callee_lost_ms", "UInt32", (w, r) => w.UInt32(r.Summary.CalleeLostMs)),
        new("missing_ms", "UInt32", (w, r) => w.UInt32(r.Summary.MissingMs)),
        new("consent_ms", "UInt32", (w, r) => w.UInt32(r.Summary.ConsentMs)),
        new("paused_ms", "UInt32", (w, r) => w.UInt32(r.Summary.PausedMs)),
        new("keep_days", "UInt16", (w, r) => w.UInt16((ushort)r.KeepDays)),
        new("sha256", "String", (w, r) => w.String(Convert.ToHexStringLower(r.Summary.Hash))),
        new("bytes", "UInt64", (w, r) => w.UInt64(r.Bytes)),
        new("version", "UInt64", (w, r) => w.UInt64(r.Version)),
    ];

    /// <summary>The column list of an INSERT.</summary>
    public static string ColumnList { get; } = string.Join(", ", Columns.Select(c => c.Name));

    /// <summary>Writes one row.</summary>
    public static void Write(RowBinaryWriter writer, RecordingRecord record)
    {
        foreach (var column in Columns) column.Write(writer, record);
    }

    /// <summary>The deduplication token of a row.</summary>
    public static string TokenOf(RecordingRecord record) =>
        record.TrnId + "-" + record.Version.ToString(CultureInfo.InvariantCulture);

    private static void Faults(RowBinaryWriter writer, RecordingFault faults)
    {
        var names = new List<string>(4);
        if ((faults & RecordingFault.Overflow) != RecordingFault.None) names.Add("overflow");
        if ((faults & RecordingFault.Codec) != RecordingFault.None) names.Add("codec");
        if ((faults & RecordingFault.Disk) != RecordingFault.None) names.Add("disk");
        if ((faults & RecordingFault.NodeRestart) != RecordingFault.None) names.Add("node_restart");
        writer.Count(names.Count);
        foreach (var name in names) writer.String(name);
    }
}
