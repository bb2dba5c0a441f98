using System.Text.Json;

namespace CallTracker.EndToEnd.Tests.Kit;

/// <summary>One row of <c>call_records</c> as ClickHouse gives it. Immutable.</summary>
internal sealed class CallRow(JsonElement row)
{
    /// <summary>What is asked for of each row; enums come as their API codes.</summary>
    public const string Columns =
        "trn_id, seq_num, din_id, fwd_id, dial_stat, hup_usr, sip_code, end_reason, calling_sec, "
        + "talking_sec, conn_sec, in_relayed, out_relayed, recovered, attempt_sip_code, clr_type, fwd_type, "
        + "toUnixTimestamp64Milli(ingested_at) - toUnixTimestamp64Milli(eoc_tms) AS late_ms";

    public string TrnId => Text("trn_id");
    public ulong SeqNum => row.GetProperty("seq_num").GetUInt64();
    public string FwdId => Text("fwd_id");
    public string DialStat => Text("dial_stat");
    public string HupUsr => Text("hup_usr");
    public int SipCode => Number("sip_code");
    public string EndReason => Text("end_reason");
    public int CallingSec => Number("calling_sec");
    public int TalkingSec => Number("talking_sec");
    public int ConnSec => Number("conn_sec");
    public int InRelayed => Number("in_relayed");
    public int OutRelayed => Number("out_relayed");
    public int LateMs => Number("late_ms");
    public bool IsRecovered => Number("recovered") == 1;
    public string ClrType => Text("clr_type");
    public string FwdType => Text("fwd_type");
    public IReadOnlyList<int> AttemptSipCodes
        => [.. row.GetProperty("attempt_sip_code").EnumerateArray().Select(code => code.GetInt32())];

    /// <inheritdoc/>
    public override string ToString() => row.ToString();

    private string Text(string name) => row.GetProperty(name).GetString() ?? "";

    private int Number(string name) => row.GetProperty(name).GetInt32();
}
