using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Judgement.Rules;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// Judges: asks ClickHouse which verdicts change and writes them to the ledger. Judging the same calls again changes
/// nothing. Owned by the judge service, one at a time.
/// </summary>
internal sealed class Judge(ClickHouseClient clickHouse, LedgerWriter ledger)
{
    /// <summary>Withheld callers' calls judged anew in one go.</summary>
    public const int WithheldPerPage = 50_000;

    /// <summary>Judges new calls; returns how many rows the ledger got.</summary>
    public async Task<int> JudgeArrivalsAsync(ArrivalBatch batch, CancellationToken ct)
    {
        var parameters = ArrivalWindow.Parameters(batch.FromMs, batch.ToMs);
        var calls = await ReadAsync(ChainSql.Arrivals, parameters, ct);
        calls.AddRange(await ReadAsync(ChainSql.Unanswered, parameters, ct));
        await ledger.AppendAsync(calls, ct);
        return calls.Count;
    }

    /// <summary>
    /// Judges one page of callers that a changed rule affects; returns the last of them, 0 when all are done.
    /// </summary>
    public async Task<ulong> JudgeRulePageAsync(PendingRule change, ulong after, CancellationToken ct)
    {
        var parameters = RuleParameters(change);
        parameters["after"] = after.ToString(CultureInfo.InvariantCulture);
        var lastSql = $"SELECT max(caller_key) AS key, count() AS count FROM ({ChainSql.RuleCallers})";
        var last = await OneAsync(lastSql, parameters, ct);
        if (last is null or { Count: 0 }) return 0;
        parameters["last"] = last.Key.ToString(CultureInfo.InvariantCulture);
        await ledger.AppendAsync(await ReadAsync(ChainSql.OfRule, parameters, ct), ct);
        return last.Key;
    }

    /// <summary>
    /// Judges withheld callers' calls from a moment on; returns the next moment, null when all are done.
    /// </summary>
    public async Task<long?> JudgeWithheldPageAsync(PendingRule change, long fromMs, CancellationToken ct)
    {
        var parameters = RuleParameters(change);
        parameters["from_ms"] = fromMs.ToString(CultureInfo.InvariantCulture);
        var endSql = "SELECT toUnixTimestamp64Milli(max(din_tms)) AS value, count() AS count FROM (SELECT din_tms "
            + "FROM judge_chains WHERE operator_id = {operator:String} AND caller_key = 0 "
            + "AND din_tms >= fromUnixTimestamp64Milli({from_ms:Int64}, 'Asia/Tokyo') "
            + $"ORDER BY din_tms LIMIT {WithheldPerPage.ToString(CultureInfo.InvariantCulture)})";
        var end = await OneAsync(endSql, parameters, ct);
        if (end is null or { Count: 0 }) return null;
        parameters["to_ms"] = end.Value.ToString(CultureInfo.InvariantCulture);
        await ledger.AppendAsync(await ReadAsync(ChainSql.Withheld, parameters, ct), ct);
        return end.Value + 1;
    }

    private static Dictionary<string, string> RuleParameters(PendingRule change) => new(StringComparer.Ordinal)
    {
        ["operator"] = change.OperatorId,
        ["scope"] = change.Stored.Rule.Scope,
        ["scope_id"] = change.Stored.Rule.ScopeId,
        ["from_ms"] = change.FromMs.ToString(CultureInfo.InvariantCulture),
    };

    private async Task<List<JudgedCall>> ReadAsync(
        string sql, IReadOnlyDictionary<string, string> parameters, CancellationToken ct)
    {
        var calls = new List<JudgedCall>();
        await foreach (var call in Query(sql, JudgementJson.Default.JudgedCall, parameters, ct)) calls.Add(call);
        return calls;
    }

    private async Task<NumberRow?> OneAsync(
        string sql, IReadOnlyDictionary<string, string> parameters, CancellationToken ct)
    {
        await foreach (var row in Query(sql, JudgementJson.Default.NumberRow, parameters, ct)) return row;
        return null;
    }

    private IAsyncEnumerable<T> Query<T>(
        string sql, JsonTypeInfo<T> type, IReadOnlyDictionary<string, string> parameters, CancellationToken ct) =>
        clickHouse.QueryAsync(sql, type, parameters, ct);
}
