using System.Collections.Frozen;
using System.Globalization;
using CallTracker.Contracts.Numbers;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Calls;

/// <summary>
/// Reads the query string of /v1/calls and collects all that is wrong with it. Lives for one request.
/// </summary>
internal sealed class CallQueryReader(HttpContext context)
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, "from", "to", "din_id",
        "fwd_id", "client_id", "hup_usr", "dial_stat", "valid_res", "logvars.valid_res", "clr_type", "sort", "columns",
        "limit", "cursor", "format", "bom", "lang", "headers");

    private readonly List<FieldError> _errors = [];

    public Validated<CallQuery> Read()
    {
        foreach (var name in context.Request.Query.Keys)
        {
            if (!Known.Contains(name)) Refuse(name, "Unknown parameter.");
        }
        var format = ReadFormat();
        var (sort, isDescending) = ReadSort();
        var query = new CallQuery
        {
            Filter = ReadFilter(),
            Sort = sort,
            IsDescending = isDescending,
            Format = format,
            Limit = ReadLimit(format),
            Output = ReadOutput(),
        };
        query = query with { After = ReadCursor(query) };
        return _errors.Count == 0
            ? new Validated<CallQuery>(query, null)
            : new Validated<CallQuery>(null,
                Problems.BadRequest("bad_parameter", "A parameter is not acceptable.", [.. _errors]));
    }

    private CallFilter ReadFilter()
    {
        var from = ReadTime("from");
        var to = ReadTime("to");
        if (from is not null && to is not null && to < from) Refuse("to", "Lies before from.");
        return new CallFilter
        {
            FromMs = from,
            ToMs = to,
            DinIdPrefix = ReadPrefix("din_id"),
            FwdIdPrefix = ReadPrefix("fwd_id"),
            ClientId = Given("client_id"),
            HangupSides = ReadWords("hup_usr", CallWords.HangupSides),
            Statuses = ReadWords("dial_stat", CallWords.Statuses),
            Verdicts =
            [
                .. ReadWords("valid_res", CallWords.Verdicts), .. ReadWords(CallColumns.ValidRes, CallWords.Verdicts),
            ],
            CallerTerminals = ReadWords("clr_type", CallWords.Terminals),
        };
    }

    private CallOutputOptions ReadOutput()
    {
        var columns = new List<CallColumn>();
        const StringSplitOptions Clean = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        foreach (var key in (Given("columns") ?? "").Split(',', Clean))
        {
            if (CallColumns.Find(key) is not { } column) Refuse("columns", "There is no such column: " + Shown(key));
            else if (!columns.Contains(column)) columns.Add(column);
        }
        return new CallOutputOptions(
            columns.Count == 0 ? CallColumns.All : columns,
            ReadChoice("lang", "ja", "en") == "en" ? Language.English : Language.Japanese,
            ReadChoice("headers", "keys", "labels") == "labels",
            ReadChoice("bom", "0", "1") == "1",
            Caller.Of(context).May(Scopes.PiiRead));
    }

    private (CallColumn Sort, bool IsDescending) ReadSort()
    {
        var text = Given("sort") ?? "-din_tms";
        var isDescending = text.StartsWith('-');
        var column = CallColumns.Find(isDescending ? text[1..] : text);
        if (column is null) Refuse("sort", "There is no such column; begin with - to sort downwards.");
        return (column ?? CallColumns.Find("din_tms")!, isDescending);
    }

    private CallFormat ReadFormat()
    {
        if (Given("format") is null) return FromAccept(context.Request.Headers.Accept.ToString());
        return ReadChoice("format", "json", "ndjson", "csv", "tsv") switch
        {
            "ndjson" => CallFormat.Ndjson,
            "csv" => CallFormat.Csv,
            "tsv" => CallFormat.Tsv,
            _ => CallFormat.Json,
        };
    }

    private static CallFormat FromAccept(string accept)
    {
        foreach (var part in accept.Split(','))
        {
            switch (part.Split(';')[0].Trim().ToLowerInvariant())
            {
                case "application/x-ndjson" or "application/ndjson": return CallFormat.Ndjson;
                case "text/csv": return CallFormat.Csv;
                case "text/tab-separated-values": return CallFormat.Tsv;
                case "application/json": return CallFormat.Json;
                default: continue;
            }
        }
        return CallFormat.Json;
    }

    private int ReadLimit(CallFormat format)
    {
        var isStreamed = format != CallFormat.Json;
        var max = isStreamed ? CallQuery.StreamedLimitMax : CallQuery.LimitMax;
        if (Given("limit") is not { } text) return isStreamed ? max : CallQuery.LimitDefault;
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit);
        if (isNumber && limit >= 1 && limit <= max) return limit;
        Refuse("limit", string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from 1 to {max}."));
        return max;
    }

    private CallCursor? ReadCursor(CallQuery query)
    {
        if (Given("cursor") is not { } text) return null;
        var cursor = CallCursor.Open(text);
        if (cursor is not null && cursor.SortText == query.SortText && cursor.Fits(query.Sort)) return cursor;
        Refuse("cursor", "Use next_cursor of the page before, with the same sort.");
        return null;
    }

    private long? ReadTime(string name)
    {
        if (Given(name) is not { } text) return null;
        var ms = CallTime.Parse(text);
        if (ms is null) Refuse(name, "Must be an ISO 8601 time; without offset it is Japan Standard Time.");
        return ms;
    }

    private string? ReadPrefix(string name)
    {
        if (Given(name) is not { } text) return null;
        var digits = NumberingPlan.Normalise(text);
        if (digits is null) Refuse(name, "Must be a number or the beginning of one.");
        return digits;
    }

    // Several words are separated by commas: any of them matches.
    private List<string> ReadWords(string name, FrozenDictionary<string, string> words)
    {
        var values = new List<string>();
        if (!context.Request.Query.TryGetValue(name, out var given)) return values;
        foreach (var word in given.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            if (words.TryGetValue(word, out var value)) values.Add(value);
            else Refuse(name, "Must be one of: " + string.Join(", ", words.Keys.Order(StringComparer.Ordinal)) + ".");
        }
        return values;
    }

    private string ReadChoice(string name, params ReadOnlySpan<string> choices)
    {
        if (Given(name) is not { } text) return choices[0];
        foreach (var choice in choices)
        {
            if (choice == text) return choice;
        }
        Refuse(name, "Must be one of: " + string.Join(", ", choices!) + ".");
        return choices[0];
    }

    private string? Given(string name)
    {
        if (!context.Request.Query.TryGetValue(name, out var values)) return null;
        if (values.Count > 1) Refuse(name, "Is given more than once.");
        var text = values[0];
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static string Shown(string text) => text.Length > 50 ? text[..50] : text;

    private void Refuse(string name, string detail) => _errors.Add(new FieldError(name, detail));
}
