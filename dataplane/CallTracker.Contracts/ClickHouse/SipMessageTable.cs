using CallTracker.Contracts.Tracing;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// The table <c>sip_messages</c> as code: one list holds name, type and writer of each column, so that the order of an
/// insert cannot drift. A test compares it with system.columns of the real engine. Stateless.
/// </summary>
public static class SipMessageTable
{
    public const string Name = "sip_messages";
    private const string Word = "LowCardinality(String)";

    public static IReadOnlyList<SipMessageColumn> Columns { get; } =
    [
        new("trn_id", "FixedString(24)", (w, r) => w.FixedString(r.TrnId, 24)),
        new("time", "DateTime64(6, 'Asia/Tokyo')", (w, r) => w.UInt64((ulong)r.UnixUs)),
        new("sequence", "UInt64", (w, r) => w.UInt64(r.Sequence)),
        new("operator_id", Word, (w, r) => w.String(r.OperatorId)),
        new("node_id", Word, (w, r) => w.String(r.NodeId)),
        new("direction", "Enum8('received' = 0, 'sent' = 1)", (w, r) => w.UInt8(r.IsSent ? (byte)1 : (byte)0)),
        new("attempt", "UInt8", (w, r) => w.UInt8(r.Attempt)),
        new("transport", Word, (w, r) => w.String(r.Transport)),
        new("local", "String", (w, r) => w.String(r.Local)),
        new("remote", "String", (w, r) => w.String(r.Remote)),
        new("method", Word, (w, r) => w.String(r.Method)),
        new("status", "UInt16", (w, r) => w.UInt16(r.Status)),
        new("cause", "Enum8('none' = 0, 'failed' = 1, 'sampled' = 2, 'requested' = 3)",
            (w, r) => w.UInt8((byte)r.Cause)),
        new("missing", "UInt16", (w, r) => w.UInt16(r.Missing)),
        new("message_sealed", "String", (w, r) => w.Bytes(r.Sealed)),
        new("expires_at", "DateTime('UTC')", (w, r) => w.UInt32(r.ExpiresSec)),
    ];

    /// <summary>The column list of an INSERT.</summary>
    public static string ColumnList { get; } = string.Join(", ", Columns.Select(c => c.Name));

    /// <summary>Writes one row.</summary>
    public static void Write(RowBinaryWriter writer, SipMessageRecord record)
    {
        foreach (var column in Columns) column.Write(writer, record);
    }
}
