using CallTracker.Contracts.ClickHouse;

namespace CallTracker.ControlPlane.Calls;

/// <summary>Asks ClickHouse for calls. Every statement names the operator. Any thread.</summary>
internal sealed class CallLog(ClickHouseClient clickHouse)
{
    /// <summary>The rows of a page, streamed; at most <paramref name="limit"/>.</summary>
    public IAsyncEnumerable<CallRow> ReadAsync(
        CallQuery query, string operatorId, string? clientId, int limit, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var sql = CallSql.Page(query, operatorId, clientId, limit, parameters);
        return clickHouse.QueryAsync(sql, CallJson.Default.CallRow, parameters.Values, ct);
    }

    /// <summary>One call with everything; null when this tenant has none with this id.</summary>
    public async Task<CallRow?> FindAsync(
        string operatorId, string? clientId, string trnId, CallOutputOptions output, CancellationToken ct)
    {
        if (await PlaceOfAsync(operatorId, trnId, ct) is not { } place) return null;
        var query = new CallQuery
        {
            // With its time and advertiser the call is a point of the key, in the facts and in the verdicts.
            Filter = new CallFilter
            {
                TrnId = trnId,
                ClientId = place.ClientId,
                FromMs = place.DinTms,
                ToMs = place.DinTms + 1,
            },
            Sort = CallColumns.Find("din_tms")!,
            Output = output,
        };
        await foreach (var row in ReadAsync(query, operatorId, clientId, limit: 1, ct)) return row;
        return null;
    }

    private async Task<CallRow?> PlaceOfAsync(string operatorId, string trnId, CancellationToken ct)
    {
        var parameters = new SqlParameters();
        var sql = "SELECT client_id, toUnixTimestamp64Milli(din_tms) AS din_tms FROM call_records "
            + $"WHERE operator_id = {parameters.Text(operatorId)} AND trn_id = {parameters.Id(trnId)} LIMIT 1";
        var rows = clickHouse.QueryAsync(sql, CallJson.Default.CallRow, parameters.Values, ct);
        await foreach (var row in rows) return row;
        return null;
    }
}
