using System.Globalization;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// Where the judge stands in the order of arrival, and which calls are new. Looks back a little each time, because an
/// insert may become visible after a later one; what the ledger already has is left out by the query. Owned by the
/// judge.
/// </summary>
internal sealed class ArrivalWindow(ClickHouseClient clickHouse)
{
    /// <summary>How long after its time stamp a row may become visible and still be found at once.</summary>
    public const long OverlapMs = 30_000;
    /// <summary>How far back the occasional wide look goes.</summary>
    public const long SweepMs = 900_000;
    /// <summary>New calls judged in one go, unless one insert alone brought more.</summary>
    public const int CallsPerBatch = 20_000;

    private static readonly string CountSql = "SELECT toUnixTimestamp64Milli(ingested_at) AS value, count() AS count "
        + $"FROM ({ChainSql.Fresh}) GROUP BY value ORDER BY value LIMIT 1000";

    private const string EndSql = "SELECT toUnixTimestamp64Milli(ingested_at) AS value FROM judge_ledger "
        + "WHERE event = 'call' ORDER BY position DESC LIMIT 1";

    private long _seenMs = -1;

    /// <summary>Forgets the place; it is found again from the ledger.</summary>
    public void Forget() => _seenMs = -1;

    /// <summary>The next piece of the order of arrival that holds new calls; null when there is none.</summary>
    public async Task<ArrivalBatch?> NextAsync(long nowMs, long lookBackMs, CancellationToken ct)
    {
        if (_seenMs < 0) _seenMs = await EndOfLedgerAsync(ct);
        var fromMs = Math.Max(0, _seenMs - lookBackMs);
        var toMs = fromMs;
        long count = 0;
        long oldestMs = nowMs;
        var parameters = Parameters(fromMs, nowMs + OverlapMs);
        await foreach (var row in clickHouse.QueryAsync(CountSql, JudgementJson.Default.NumberRow, parameters, ct))
        {
            if (count > 0 && count + row.Count > CallsPerBatch) break;
            if (count == 0) oldestMs = row.Value;
            count += row.Count;
            toMs = row.Value;
        }
        return count == 0 ? null : new ArrivalBatch(fromMs, toMs, count, oldestMs);
    }

    /// <summary>The calls of the batch are in the ledger now.</summary>
    public void Advance(ArrivalBatch batch) => _seenMs = Math.Max(_seenMs, batch.ToMs);

    public static IReadOnlyDictionary<string, string> Parameters(long fromMs, long toMs) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["from_ms"] = fromMs.ToString(CultureInfo.InvariantCulture),
            ["to_ms"] = toMs.ToString(CultureInfo.InvariantCulture),
        };

    private async Task<long> EndOfLedgerAsync(CancellationToken ct)
    {
        var rows = clickHouse.QueryAsync(EndSql, JudgementJson.Default.NumberRow, ct: ct);
        await foreach (var row in rows) return row.Value;
        return 0;
    }
}
