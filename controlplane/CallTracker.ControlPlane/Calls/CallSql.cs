using System.Globalization;
using System.Text;

namespace CallTracker.ControlPlane.Calls;

/// <summary>Writes the statement for a question to the call log. Stateless.</summary>
internal static class CallSql
{
    /// <summary>What every answer needs, shown or not: the places a cursor is made of.</summary>
    private static readonly string[] KeyColumns =
        ["operator_id", "toString(trn_id) AS trn_id", "toUnixTimestamp64Milli(din_tms) AS din_tms"];

    /// <summary>The columns of a view as <see cref="CallRow"/> reads them.</summary>
    public static string Select(IEnumerable<CallColumn> columns) =>
        string.Join(", ", KeyColumns.Concat(columns.Select(c => c.Sql)).Distinct(StringComparer.Ordinal));

    /// <summary>One page. The rows are chosen inside, where names mean columns, and formatted outside.</summary>
    public static string Page(CallQuery query, string operatorId, string? clientId, int limit, SqlParameters parameters)
    {
        var direction = query.IsDescending ? "DESC" : "ASC";
        var order = query.Sort.SortSql == "din_tms" ? "" : $"{query.Sort.SortSql} {direction}, ";
        var columns = query.Output.Columns.Append(query.Sort);
        var where = Where(query, operatorId, clientId, parameters);
        return $"SELECT {Select(columns)} FROM (SELECT * FROM call_log WHERE {where} "
            + $"ORDER BY {order}din_tms {direction}, trn_id {direction} "
            + $"LIMIT {limit.ToString(CultureInfo.InvariantCulture)})";
    }

    private static string Where(CallQuery query, string operatorId, string? clientId, SqlParameters parameters)
    {
        var where = new StringBuilder("operator_id = ").Append(parameters.Text(operatorId));
        void And(string condition) => where.Append(" AND ").Append(condition);

        var filter = query.Filter;
        if (clientId is not null) And("client_id = " + parameters.Text(clientId));
        if (filter.ClientId is not null) And("client_id = " + parameters.Text(filter.ClientId));
        if (filter.FromMs is { } from) And("din_tms >= " + parameters.Time(from));
        if (filter.ToMs is { } to) And("din_tms < " + parameters.Time(to));
        if (filter.TrnId is not null) And("trn_id = " + parameters.Id(filter.TrnId));
        if (filter.DinIdPrefix is not null) And($"startsWith(din_id, {parameters.Text(filter.DinIdPrefix)})");
        if (filter.FwdIdPrefix is not null) And($"startsWith(fwd_id, {parameters.Text(filter.FwdIdPrefix)})");
        if (filter.HangupSides.Count > 0) And($"has({parameters.Words(filter.HangupSides)}, hup_usr)");
        if (filter.Statuses.Count > 0) And($"has({parameters.Words(filter.Statuses)}, toString(dial_stat))");
        if (filter.Verdicts.Count > 0) And($"has({parameters.Words(filter.Verdicts)}, valid_res)");
        if (filter.CallerTerminals.Count > 0) And($"has({parameters.Words(filter.CallerTerminals)}, clr_type)");
        if (query.After is not null) And(After(query, query.After, parameters));
        return where.ToString();
    }

    // (sort, din_tms, trn_id) < (…) for descending order: the place after the last row, whatever has arrived since.
    private static string After(CallQuery query, CallCursor cursor, SqlParameters parameters)
    {
        var comparison = query.IsDescending ? "<" : ">";
        var time = parameters.Time(cursor.DinMs);
        var id = parameters.Id(cursor.TrnId);
        // The second condition says nothing new, but it is the one that the key understands.
        if (query.Sort.SortSql == "din_tms")
        {
            return $"(din_tms, trn_id) {comparison} ({time}, {id}) AND din_tms {comparison}= {time}";
        }
        var value = Value(query.Sort, cursor.Value, parameters);
        return $"({query.Sort.SortSql}, din_tms, trn_id) {comparison} ({value}, {time}, {id})";
    }

    private static string Value(CallColumn sort, string value, SqlParameters parameters) => sort.SortKind switch
    {
        SortKind.Number => parameters.Number(ulong.Parse(value, CultureInfo.InvariantCulture)),
        SortKind.Time => parameters.Time(long.Parse(value, CultureInfo.InvariantCulture)),
        _ => parameters.Text(value),
    };
}
