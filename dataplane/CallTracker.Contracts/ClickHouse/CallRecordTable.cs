using CallTracker.Contracts.Calls;

namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// The table <c>call_records</c> as code: one list holds name, type and writer of each column, so that the order of an
/// insert cannot drift. A test compares it with system.columns of the real engine. Stateless.
/// </summary>
public static class CallRecordTable
{
    public const string Name = "call_records";
    private const string Text = "String";
    private const string Word = "LowCardinality(String)";
    private const string Time = "DateTime64(3, 'Asia/Tokyo')";
    private const string OptionalCount = "Nullable(UInt32)";
    private const string OptionalTime = "Nullable(DateTime64(3, 'Asia/Tokyo'))";
    private const string DialStatusType =
        "Enum8('none' = 0, 'normal' = 1, 'busy' = 2, 'no_answer' = 3, 'unresponsive' = 4, 'incomplete' = 5, " +
        "'line_unavailable' = 6, 'diverted' = 7)";
    private const string TerminalKindType =
        "Enum8('unknown' = 0, 'fixed' = 1, 'mobile' = 2, 'ip' = 3, 'payphone' = 4, 'withheld' = 5, " +
        "'international' = 6)";
    private const string HangupSideType = "Enum8('unknown' = 0, 'caller' = 1, 'callee' = 2, 'system' = 3)";

    /// <summary>All columns but those that ClickHouse fills itself (ingested_at).</summary>
    public static IReadOnlyList<CallRecordColumn> Columns { get; } =
    [
        new("trn_id", "FixedString(24)", (w, r) => w.FixedString(r.TrnId, 24)),
        new("node_id", Word, (w, r) => w.String(r.NodeId)),
        new("operator_id", Word, (w, r) => w.String(r.OperatorId)),
        new("seq_num", "UInt64", (w, r) => w.UInt64(r.SeqNum)),
        new("din_id", Text, (w, r) => w.String(r.DinId)),
        new("client_id", Text, (w, r) => w.String(r.ClientId)),
        new("client_name", Text, (w, r) => w.String(r.ClientName)),
        new("dialin_id", Text, (w, r) => w.String(r.DialinId)),
        new("dialin_name", Text, (w, r) => w.String(r.DialinName)),
        new("fwd_id", Text, (w, r) => w.String(r.FwdId)),
        new("clr_id_cipher", Text, (w, r) => w.String(r.ClrIdCipher)),
        new("caller_key", "UInt64", (w, r) => w.UInt64(r.CallerKey)),
        new("din_tms", Time, (w, r) => w.UnixMs(r.DinMs)),
        new("fwd_tms", OptionalTime, (w, r) => w.NullableUnixMs(r.FwdMs)),
        new("tst_tms", OptionalTime, (w, r) => w.NullableUnixMs(r.TstMs)),
        new("eoc_tms", Time, (w, r) => w.UnixMs(r.EocMs)),
        new("calling_sec", "UInt32", (w, r) => w.UInt32(r.CallingSec)),
        new("talking_sec", "UInt32", (w, r) => w.UInt32(r.TalkingSec)),
        new("conn_sec", "UInt32", (w, r) => w.UInt32(r.ConnSec)),
        new("dial_stat", DialStatusType, (w, r) => w.UInt8((byte)r.DialStat)),
        new("clr_type", TerminalKindType, (w, r) => w.UInt8((byte)r.ClrType)),
        new("fwd_type", TerminalKindType, (w, r) => w.UInt8((byte)r.FwdType)),
        new("hup_usr", HangupSideType, (w, r) => w.UInt8((byte)r.HupUsr)),
        new("sip_code", "UInt16", (w, r) => w.UInt16(r.SipCode)),
        new("end_reason", Word, (w, r) => w.String(r.EndReason)),
        new("call_id", Text, (w, r) => w.String(r.CallId)),
        new("trunk_in", Word, (w, r) => w.String(r.TrunkIn)),
        new("trunk_out", Word, (w, r) => w.String(r.TrunkOut)),
        new("route_version", "UInt64", (w, r) => w.UInt64(r.RouteVersion)),
        new("in_packets", "UInt64", (w, r) => w.UInt64(r.InboundMedia.Packets)),
        new("in_bytes", "UInt64", (w, r) => w.UInt64(r.InboundMedia.Bytes)),
        new("in_lost", "UInt64", (w, r) => w.UInt64(r.InboundMedia.Lost)),
        new("in_jitter_us", "UInt32", (w, r) => w.UInt32(r.InboundMedia.JitterUs)),
        new("in_relayed", "UInt64", (w, r) => w.UInt64(r.InboundMedia.Relayed)),
        new("in_dropped", "UInt64", (w, r) => w.UInt64(r.InboundMedia.Dropped)),
        new("out_packets", "UInt64", (w, r) => w.UInt64(r.OutboundMedia.Packets)),
        new("out_bytes", "UInt64", (w, r) => w.UInt64(r.OutboundMedia.Bytes)),
        new("out_lost", "UInt64", (w, r) => w.UInt64(r.OutboundMedia.Lost)),
        new("out_jitter_us", "UInt32", (w, r) => w.UInt32(r.OutboundMedia.JitterUs)),
        new("out_relayed", "UInt64", (w, r) => w.UInt64(r.OutboundMedia.Relayed)),
        new("out_dropped", "UInt64", (w, r) => w.UInt64(r.OutboundMedia.Dropped)),
        new("attempt_fwd_id", "Array(String)", (w, r) => Each(w, r, static (w, a) => w.String(a.ForwardTo))),
        new("attempt_sip_code", "Array(UInt16)", (w, r) => Each(w, r, static (w, a) => w.UInt16(a.SipCode))),
        new("attempt_ring_ms", "Array(UInt32)", (w, r) => Each(w, r, static (w, a) => w.UInt32(a.RingMs))),
        new("attempt_trunk", $"Array({Word})", (w, r) => Each(w, r, static (w, a) => w.String(a.Trunk))),
        new("recovered", "UInt8", (w, r) => w.UInt8(r.Recovered ? (byte)1 : (byte)0)),
        new("verstat", Word, (w, r) => w.String(r.Verstat)),
        new("attest", Word, (w, r) => w.String(r.Attest)),
        new("stir_code", "UInt16", (w, r) => w.UInt16(r.StirCode)),
        .. Quality("in", r => r.InboundMedia),
        .. Quality("out", r => r.OutboundMedia),
        new("media_fault", Word, (w, r) => w.String(r.MediaFault)),
        new("recording", RecordingTable.SidesType, (w, r) => w.UInt8((byte)r.Recording)),
        new("media_mode", Word, (w, r) => w.String(r.MediaMode)),
    ];

    /// <summary>The column list of an INSERT.</summary>
    public static string ColumnList { get; } = string.Join(", ", Columns.Select(c => c.Name));

    /// <summary>Writes one row.</summary>
    public static void Write(RowBinaryWriter writer, CallRecord record)
    {
        // An enumerator of the interface would be an object a row.
        for (var i = 0; i < Columns.Count; i++) Columns[i].Write(writer, record);
    }

    private static CallRecordColumn[] Quality(string side, Func<CallRecord, MediaFigures> of) =>
    [
        new(side + "_reordered", "UInt32", (w, r) => w.UInt32(of(r).Quality.Reordered)),
        new(side + "_duplicates", "UInt32", (w, r) => w.UInt32(of(r).Quality.Duplicates)),
        new(side + "_jitter_mean_us", "UInt32", (w, r) => w.UInt32(of(r).Quality.JitterUsMean)),
        new(side + "_jitter_max_us", "UInt32", (w, r) => w.UInt32(of(r).Quality.JitterUsMax)),
        new(side + "_gaps", "UInt32", (w, r) => w.UInt32(of(r).Quality.LongGaps)),
        new(side + "_gap_max_ms", "UInt32", (w, r) => w.UInt32(of(r).Quality.GapMsMax)),
        new(side + "_silence_ms", "UInt32", (w, r) => w.UInt32(of(r).Quality.SilenceMs)),
        new(side + "_first_packet_ms", OptionalCount, (w, r) => w.NullableUInt32(FirstPacketMs(of(r)))),
        new(side + "_rtt_us", OptionalCount, (w, r) => w.NullableUInt32(Known(of(r).Quality.RoundTripUs))),
        new(side + "_mos", "Nullable(Float32)", (w, r) => w.NullableFloat32(Mos(of(r)))),
    ];

    private static uint? FirstPacketMs(in MediaFigures media) =>
        media.Packets == 0 || media.Quality.FirstPacketMs < 0 ? null : (uint)media.Quality.FirstPacketMs;

    private static uint? Known(uint value) => value == 0 ? null : value;

    private static float? Mos(in MediaFigures media) =>
        media.Quality.MosTimes100 == 0 ? null : media.Quality.MosTimes100 / 100f;

    private static void Each(RowBinaryWriter writer, CallRecord record, Action<RowBinaryWriter, CallAttempt> write)
    {
        writer.Count(record.Attempts.Count);
        foreach (var attempt in record.Attempts) write(writer, attempt);
    }
}
