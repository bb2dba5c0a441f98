using System.Collections.Frozen;
using System.Globalization;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// The columns of the call log in their standard order: first the keys of PRODUCT.md, then ours. Stateless.
/// </summary>
internal static class CallColumns
{
    public const string ValidRes = "logvars.valid_res";
    public const string CallerNumber = "clr_id_cipher";

    public static IReadOnlyList<CallColumn> All { get; } =
    [
        Number("seq_num", "ログ番号", "Log no.", r => r.SeqNum),
        Text("trn_id", "処理ID", "Transaction id", r => r.TrnId),
        Text("din_id", "トラッキング番号", "Tracking number", r => r.DinId),
        Text("client_id", "広告主ID", "Advertiser id", r => r.ClientId),
        Text("client_name", "広告主名", "Advertiser", r => r.ClientName),
        Text("dialin_id", "トラッキング番号ID", "Number id", r => r.DialinId),
        Text("dialin_name", "番号名", "Number name", r => r.DialinName),
        Text("fwd_id", "転送先番号", "Destination", r => r.FwdId),
        new(CallerNumber, "発信者番号", "Caller", CellKind.CallerNumber, "clr_id_cipher, caller_key", "caller_key",
            SortKind.Number, r => Invariant(r.CallerKey), (r, _) => r.ClrIdCipher),
        Time("din_tms", "着信日時", "Arrived", "din_tms", r => r.DinTms),
        Time("tst_tms", "通話開始日時", "Answered", "ifNull(tst_tms, toDateTime64(0, 3, 'Asia/Tokyo'))", r => r.TstTms),
        Time("eoc_tms", "終了日時", "Ended", "eoc_tms", r => r.EocTms),
        Number("calling_sec", "呼出秒数", "Ringing (s)", r => r.CallingSec),
        Number("talking_sec", "通話秒数", "Talk (s)", r => r.TalkingSec),
        Number("conn_sec", "接続秒数", "Connection (s)", r => r.ConnSec),
        Text("dial_stat", "転送状況コード", "Status code", r => r.DialStat),
        new("dial_stat_label", "転送状況", "Status", CellKind.Text, "toString(dial_stat) AS dial_stat",
            "toString(dial_stat)", SortKind.Text, r => r.DialStat,
            (r, language) => CallWords.StatusLabel(language, r.DialStat)),
        Word("clr_type", "発信者端末種別", "Caller terminal", r => r.ClrType),
        Word("fwd_type", "転送先端末種別", "Destination terminal", r => r.FwdType),
        Word("hup_usr", "最終切断者", "Hung up by", r => r.HupUsr),
        Word("valid_res", "有効判定", "Verdict", r => r.ValidRes) with { Key = ValidRes },
        Number("sip_code", "SIPコード", "SIP code", r => r.SipCode),
        Text("end_reason", "終了理由", "End reason", r => r.EndReason),
        Text("trunk_in", "着信トランク", "Trunk in", r => r.TrunkIn),
        Text("trunk_out", "発信トランク", "Trunk out", r => r.TrunkOut),
        Number("rule_version", "判定ルール版", "Rule version", r => r.RuleVersion),
        Text("verdict_reason", "判定理由", "Verdict reason", r => r.VerdictReason),
        Text("duplicate_of", "重複元処理ID", "Duplicate of", r => r.DuplicateOf),
        Text("node_id", "ノード", "Node", r => r.NodeId),
        Text("call_id", "呼ID", "Call id", r => r.CallId),
        Number("route_version", "経路版", "Route version", r => r.RouteVersion),
        Number("in_packets", "着信側パケット", "In packets", r => r.InPackets),
        Number("in_lost", "着信側損失", "In lost", r => r.InLost),
        Number("in_jitter_us", "着信側ジッタ(us)", "In jitter (us)", r => r.InJitterUs),
        Number("in_relayed", "着信側中継", "In relayed", r => r.InRelayed),
        Number("in_dropped", "着信側破棄", "In dropped", r => r.InDropped),
        Number("out_packets", "転送側パケット", "Out packets", r => r.OutPackets),
        Number("out_lost", "転送側損失", "Out lost", r => r.OutLost),
        Number("out_jitter_us", "転送側ジッタ(us)", "Out jitter (us)", r => r.OutJitterUs),
        Number("out_relayed", "転送側中継", "Out relayed", r => r.OutRelayed),
        Number("out_dropped", "転送側破棄", "Out dropped", r => r.OutDropped),
        new("attempts", "転送試行", "Attempts", CellKind.Attempts,
            "attempt_fwd_id, attempt_sip_code, attempt_ring_ms, attempt_trunk", "length(attempt_fwd_id)",
            SortKind.Number, r => Invariant((ulong)r.AttemptFwdId.Count), (r, _) => AttemptText(r)),
        Number("recovered", "復旧記録", "Recovered", r => r.Recovered) with { Kind = CellKind.Flag },
        Text("verstat", "発信者番号検証", "Caller verification", r => r.Verstat),
        Text("attest", "発信者番号証明", "Attestation", r => r.Attest),
        Number("stir_code", "検証理由コード", "Verification code", r => r.StirCode),
        .. InboundQuality(),
        .. OutboundQuality(),
        Text("media_fault", "メディア障害", "Media fault", r => r.MediaFault),
        .. Recording(),
        .. MediaPath(),
    ];

    private static readonly FrozenDictionary<string, CallColumn> ByKey =
        All.ToFrozenDictionary(c => c.Key, StringComparer.Ordinal);

    /// <summary>The column with this key; <c>valid_res</c> is accepted for the nested one.</summary>
    public static CallColumn? Find(string key) => ByKey.GetValueOrDefault(key == "valid_res" ? ValidRes : key);

    private static CallColumn[] MediaPath() =>
    [
        Text("media_mode", "メディア経路コード", "Media path code", r => r.MediaMode),
        new("media_mode_label", "メディア経路", "Media path", CellKind.Text,
            "toString(media_mode) AS media_mode", "toString(media_mode)", SortKind.Text,
            r => r.MediaMode, (r, language) => CallWords.MediaMode(language, r.MediaMode)),
    ];

    private static CallColumn[] InboundQuality() =>
    [
        Number("in_reordered", "着信側逆順", "In reordered", r => r.InReordered),
        Number("in_duplicates", "着信側重複", "In duplicates", r => r.InDuplicates),
        Number("in_jitter_mean_us", "着信側平均ジッタ(us)", "In mean jitter (us)", r => r.InJitterMeanUs),
        Number("in_jitter_max_us", "着信側最大ジッタ(us)", "In highest jitter (us)", r => r.InJitterMaxUs),
        Number("in_gaps", "着信側途切れ(60ms超)", "In gaps over 60 ms", r => r.InGaps),
        Number("in_gap_max_ms", "着信側最長途切れ(ms)", "In longest gap (ms)", r => r.InGapMaxMs),
        Number("in_silence_ms", "着信側終了時無音(ms)", "In silence at the end (ms)", r => r.InSilenceMs),
        Measured("in_first_packet_ms", "着信側応答後初パケット(ms)", "In first packet after answer (ms)",
            r => r.InFirstPacketMs),
        Measured("in_rtt_us", "着信側往復遅延(us)", "In round trip (us)", r => r.InRttUs),
        Measured("in_mos", "着信側音質MOS", "In MOS", r => r.InMos),
    ];

    private static CallColumn[] OutboundQuality() =>
    [
        Number("out_reordered", "転送側逆順", "Out reordered", r => r.OutReordered),
        Number("out_duplicates", "転送側重複", "Out duplicates", r => r.OutDuplicates),
        Number("out_jitter_mean_us", "転送側平均ジッタ(us)", "Out mean jitter (us)", r => r.OutJitterMeanUs),
        Number("out_jitter_max_us", "転送側最大ジッタ(us)", "Out highest jitter (us)", r => r.OutJitterMaxUs),
        Number("out_gaps", "転送側途切れ(60ms超)", "Out gaps over 60 ms", r => r.OutGaps),
        Number("out_gap_max_ms", "転送側最長途切れ(ms)", "Out longest gap (ms)", r => r.OutGapMaxMs),
        Number("out_silence_ms", "転送側終了時無音(ms)", "Out silence at the end (ms)", r => r.OutSilenceMs),
        Measured("out_first_packet_ms", "転送側応答後初パケット(ms)", "Out first packet after answer (ms)",
            r => r.OutFirstPacketMs),
        Measured("out_rtt_us", "転送側往復遅延(us)", "Out round trip (us)", r => r.OutRttUs),
        Measured("out_mos", "転送側音質MOS", "Out MOS", r => r.OutMos),
    ];

    private static CallColumn[] Recording() =>
    [
        Text("recording_id", "録音ID", "Recording id", r => r.RecordingId),
        Text("recording_state", "録音状態コード", "Recording code", r => r.RecordingState),
        new("recording_state_label", "録音状態", "Recording", CellKind.Text,
            "toString(recording_state) AS recording_state", "toString(recording_state)", SortKind.Text,
            r => r.RecordingState, (r, language) => CallWords.RecordingState(language, r.RecordingState)),
        Number("recording_sec", "録音秒数", "Recorded (s)", r => r.RecordingSec),
        Number("recording_in_lost_ms", "録音欠落(発信側ms)", "Recording lost in (ms)", r => r.RecordingInLostMs),
        Number("recording_out_lost_ms", "録音欠落(着信側ms)", "Recording lost out (ms)", r => r.RecordingOutLostMs),
        Text("recording_faults", "録音障害", "Recording faults", r => r.RecordingFaults),
        Text("recording_sha256", "録音ハッシュ", "Recording SHA-256", r => r.RecordingSha256),
        Number("recording_paused_ms", "録音一時停止(ms)", "Recording paused (ms)", r => r.RecordingPausedMs),
        Measured("recording_consent_ms", "録音同意(録音開始後ms)", "Recording consent (ms in)", r => r.RecordingConsentMs),
        Time("recording_until", "録音保存期限", "Recording kept until",
            "ifNull(recording_until, toDateTime64(0, 3, 'Asia/Tokyo'))", r => r.RecordingUntil),
    ];

    private static CallColumn Text(string key, string japanese, string english, Func<CallRow, string> value) =>
        new(key, japanese, english, CellKind.Text, $"toString({key}) AS {key}", $"toString({key})", SortKind.Text,
            value, (row, _) => value(row));

    private static CallColumn Word(string key, string japanese, string english, Func<CallRow, string> value) =>
        Text(key, japanese, english, value) with { Text = (row, language) => CallWords.In(language, value(row)) };

    private static CallColumn Number(string key, string japanese, string english, Func<CallRow, ulong> value) =>
        new(key, japanese, english, CellKind.Number, key, key, SortKind.Number, r => Invariant(value(r)),
            (row, _) => Invariant(value(row)));

    // Null where it was not measured. Sorted in hundredths, as cursors carry whole numbers.
    private static CallColumn Measured(string key, string japanese, string english, Func<CallRow, double?> value) =>
        new(key, japanese, english, CellKind.Number, key, $"toUInt64(round(ifNull({key}, 0) * 100))", SortKind.Number,
            r => Invariant((ulong)Math.Round((value(r) ?? 0) * 100)),
            (row, _) => value(row)?.ToString("0.##", CultureInfo.InvariantCulture));

    private static CallColumn Time(
        string key, string japanese, string english, string sortSql, Func<CallRow, long?> value) =>
        new(key, japanese, english, CellKind.Time, $"toUnixTimestamp64Milli({key}) AS {key}", sortSql, SortKind.Time,
            r => (value(r) ?? 0).ToString(CultureInfo.InvariantCulture),
            (row, _) => value(row)?.ToString(CultureInfo.InvariantCulture));

    private static string Invariant(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    // 0312345678:486:2000ms 0312345679:200:1500ms
    private static string AttemptText(CallRow row) => string.Join(' ', row.AttemptFwdId.Select((number, i) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}:{row.AttemptSipCode[i]}:{row.AttemptRingMs[i]}ms")));
}
