using CallTracker.Contracts.ClickHouse;

namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>
/// Reads the judgement ledger as a stream of events: the ledger gives order and verdict, the facts give the call. Any
/// thread; keeps nothing.
/// </summary>
internal sealed class CallFeed(ClickHouseClient clickHouse)
{
    public const int PageLength = 500;
    /// <summary>
    /// A ledger row is written after the call's facts, but a replica may show it first. So long a row waits for its
    /// facts; after that the call has been erased.
    /// </summary>
    public const int FactsWaitMsMax = 5000;

    private static readonly string Facts = CallSql.Select(CallColumns.All.Where(c => !IsOfVerdict(c)));

    public async Task<ulong> LastPositionAsync(CancellationToken ct)
    {
        const string Sql = "SELECT position FROM judge_ledger ORDER BY position DESC LIMIT 1";
        await foreach (var row in clickHouse.QueryAsync(Sql, CallJson.Default.PositionRow, ct: ct)) return row.Position;
        return 0;
    }

    /// <summary>The events after a position, of one tenant or (operator null) of all.</summary>
    public async Task<FeedPage> ReadAsync(
        ulong after, ulong? to, string? operatorId, string? clientId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var where = Where(after, to, operatorId, clientId, parameters);
        var rows = new List<FeedRow>();
        var found = clickHouse.QueryAsync(LedgerSql(where), CallJson.Default.FeedRow, parameters.Values, ct);
        await foreach (var row in found) rows.Add(row);
        var isLast = rows.Count < PageLength;
        if (rows.Count == 0) return new FeedPage([], to ?? after, isLast);
        var facts = await FactsOfAsync(after, rows[^1].Position, operatorId, clientId, ct);
        return Join(rows, facts, isLast ? to ?? rows[^1].Position : rows[^1].Position, isLast);
    }

    private static FeedPage Join(List<FeedRow> rows, Dictionary<string, CallRow> facts, ulong end, bool isLast)
    {
        var events = new List<CallEvent>(rows.Count);
        var previous = rows[0].Position - 1;
        foreach (var row in rows)
        {
            if (facts.TryGetValue(row.TrnId, out var call))
            {
                events.Add(new CallEvent(row.Position, row.Event, Judged(call, row)));
            }
            else if (row.AgeMs < FactsWaitMsMax) return new FeedPage(events, previous, IsLast: true);
            previous = row.Position;
        }
        return new FeedPage(events, end, isLast);
    }

    private static CallRow Judged(CallRow call, FeedRow row) => call with
    {
        ValidRes = CallWords.Verdicts[row.Verdict],
        VerdictReason = row.Reason,
        DuplicateOf = row.DuplicateOf,
        RuleVersion = row.RuleVersion,
    };

    private async Task<Dictionary<string, CallRow>> FactsOfAsync(
        ulong after, ulong to, string? operatorId, string? clientId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var where = Where(after, to, operatorId, clientId, parameters);
        // The tuple is the whole key of the facts: some granules are read, whatever their number is.
        var sql = $"SELECT {Facts} FROM (SELECT * FROM call_facts WHERE (operator_id, client_id, din_tms, trn_id) IN "
            + $"(SELECT operator_id, client_id, din_tms, trn_id FROM judge_ledger WHERE {where}))";
        var calls = new Dictionary<string, CallRow>(StringComparer.Ordinal);
        await foreach (var row in clickHouse.QueryAsync(sql, CallJson.Default.CallRow, parameters.Values, ct))
        {
            calls[row.TrnId] = row;
        }
        return calls;
    }

    private static string LedgerSql(string where) =>
        "SELECT position, event, operator_id, client_id, toUnixTimestamp64Milli(din_tms) AS din_tms, "
        + "toString(trn_id) AS trn_id, verdict, reason, duplicate_of, rule_version, "
        + "toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(judged_at) AS age_ms "
        + $"FROM judge_ledger WHERE {where} ORDER BY position LIMIT {PageLength}";

    // 'rule' rows only name another rule version for the same verdict; they are no news.
    private static string Where(ulong after, ulong? to, string? operatorId, string? clientId, SqlParameters parameters)
    {
        var where = $"position > {parameters.Number(after)} AND event != 'rule'";
        if (to is { } last) where += $" AND position <= {parameters.Number(last)}";
        if (operatorId is not null) where += $" AND operator_id = {parameters.Text(operatorId)}";
        if (clientId is not null) where += $" AND client_id = {parameters.Text(clientId)}";
        return where;
    }

    private static bool IsOfVerdict(CallColumn column) =>
        column.Key is CallColumns.ValidRes or "verdict_reason" or "duplicate_of" or "rule_version";
}
