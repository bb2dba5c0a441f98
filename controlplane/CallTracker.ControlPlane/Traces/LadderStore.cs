using System.Net;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Calls;

namespace CallTracker.ControlPlane.Traces;

/// <summary>Reads ladders from ClickHouse and opens them. Every statement names the operator. Any thread.</summary>
internal sealed class LadderStore(ClickHouseClient clickHouse, TraceSeals seals)
{
    /// <summary>The most messages of one ladder.</summary>
    public const int MessagesMax = 2000;
    /// <summary>Calls listed at most.</summary>
    public const int ListedMax = 200;

    /// <summary>The ladder of a call; null when none of its messages is kept.</summary>
    public async Task<Ladder?> FindAsync(string operatorId, string trnId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var sql = "SELECT toUnixTimestamp64Micro(time) AS time_us, node_id, toString(direction) AS direction, attempt, "
            + "transport, local, remote, toString(cause) AS cause, missing, base64Encode(message_sealed) AS message "
            + $"FROM sip_messages FINAL WHERE trn_id = {parameters.Id(trnId)} "
            + $"AND operator_id = {parameters.Text(operatorId)} AND expires_at > now() "
            + $"ORDER BY sequence LIMIT {MessagesMax}";
        var messages = new List<LadderMessage>();
        TraceRow? first = null;
        var missing = 0;
        await foreach (var row in clickHouse.QueryAsync(sql, TraceJson.Default.TraceRow, parameters.Values, ct))
        {
            first ??= row;
            missing = Math.Max(missing, row.Missing);
            if (Read(trnId, row) is { } message) messages.Add(message);
        }
        return messages.Count == 0 ? null : new Ladder(trnId, first!.NodeId, first.Cause, missing, messages);
    }

    /// <summary>The record of a call; null when this operator has none with this id.</summary>
    public async Task<EndedCallRow?> FindCallAsync(string operatorId, string trnId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var sql = "SELECT toString(dial_stat) AS dial_stat, toUnixTimestamp64Milli(eoc_tms) AS eoc_tms "
            + $"FROM call_records WHERE operator_id = {parameters.Text(operatorId)} "
            + $"AND trn_id = {parameters.Id(trnId)} LIMIT 1";
        var rows = clickHouse.QueryAsync(sql, TraceJson.Default.EndedCallRow, parameters.Values, ct);
        await foreach (var row in rows) return row;
        return null;
    }

    /// <summary>
    /// The newest calls of the last day that were kept because they were asked for, those first that are still up.
    /// </summary>
    public async Task<IReadOnlyList<KeptCallView>> ListAskedForAsync(string operatorId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var owner = parameters.Text(operatorId);
        var sql = "SELECT trn_id, any(node_id) AS node_id, "
            + "intDiv(toUnixTimestamp64Micro(min(time)), 1000) AS started_ms, "
            + $"trn_id NOT IN (SELECT trn_id FROM call_records WHERE operator_id = {owner} "
            + "AND eoc_tms > now() - INTERVAL 2 DAY) AS in_progress, uniqExact(sequence) AS messages "
            + $"FROM sip_messages WHERE operator_id = {owner} AND cause = 'requested' AND expires_at > now() "
            + "AND time > now() - INTERVAL 1 DAY GROUP BY trn_id "
            + $"ORDER BY in_progress DESC, started_ms DESC LIMIT {ListedMax}";
        var calls = new List<KeptCallView>();
        await foreach (var row in clickHouse.QueryAsync(sql, TraceJson.Default.KeptCallRow, parameters.Values, ct))
            calls.Add(View(row));
        return calls;
    }

    private static KeptCallView View(KeptCallRow row) => new()
    {
        TrnId = row.TrnId,
        NodeId = row.NodeId,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.StartedMs),
        InProgress = row.InProgress == 1,
        Messages = row.Messages,
    };

    // What was sealed with another key, or is not what a node writes, is left out.
    private LadderMessage? Read(string trnId, TraceRow row)
    {
        if (seals.Open(trnId, Convert.FromBase64String(row.Message)) is not { } bytes) return null;
        if (!IPEndPoint.TryParse(row.Local, out var local)) return null;
        if (!IPEndPoint.TryParse(row.Remote, out var remote)) return null;
        return new LadderMessage
        {
            TimeUs = row.TimeUs,
            IsSent = row.Direction == "sent",
            Attempt = row.Attempt,
            Transport = row.Transport,
            Local = local,
            Remote = remote,
            Bytes = bytes,
        };
    }
}
