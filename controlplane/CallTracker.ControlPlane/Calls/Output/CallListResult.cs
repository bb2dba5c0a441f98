using System.Text.Json;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Calls.Output;

/// <summary>
/// Writes a page of calls in the format asked for. JSON is collected (it tells the next cursor), the others are
/// streamed as ClickHouse answers. Nothing is sent before the first row is there, so that a failure still becomes a
/// problem document. Lives for one request.
/// </summary>
internal sealed class CallListResult(
    CallQuery query, Func<int, IAsyncEnumerable<CallRow>> read, CallerNumbers numbers, Action<int> onNumbersShown)
    : IResult
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.CacheControl = "no-store";
        var count = query.Format switch
        {
            CallFormat.Json => await WriteJsonAsync(httpContext),
            CallFormat.Ndjson => await WriteNdjsonAsync(httpContext),
            _ => await WriteDelimitedAsync(httpContext),
        };
        var hasNumbers = query.Output.Columns.Any(c => c.Kind == CellKind.CallerNumber);
        if (count > 0 && hasNumbers && query.Output.ShowsCallerNumbers) onNumbersShown(count);
    }

    private async Task<int> WriteJsonAsync(HttpContext context)
    {
        var rows = new List<CallRow>();
        await foreach (var row in read(query.Limit + 1)) rows.Add(row);
        var next = rows.Count > query.Limit ? CallCursor.At(query, rows[query.Limit - 1]).Seal() : null;
        if (next is not null)
        {
            rows.RemoveAt(query.Limit);
            LinkHeader.WriteNext(context, next);
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, CallJsonWriter.Options);
        json.WriteStartObject();
        json.WriteStartArray("calls");
        foreach (var row in rows) CallJsonWriter.Write(json, row, query.Output, numbers);
        json.WriteEndArray();
        json.WriteString("next_cursor", next);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
        return rows.Count;
    }

    private async Task<int> WriteNdjsonAsync(HttpContext context)
    {
        await using var rows = read(query.Limit).GetAsyncEnumerator(context.RequestAborted);
        var hasRow = await rows.MoveNextAsync();
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        var body = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(body, CallJsonWriter.Options);
        var count = 0;
        for (; hasRow; hasRow = await rows.MoveNextAsync())
        {
            CallJsonWriter.Write(json, rows.Current, query.Output, numbers);
            await json.FlushAsync(context.RequestAborted);
            await body.WriteAsync(NewLine, context.RequestAborted);
            json.Reset();
            count++;
        }
        return count;
    }

    private async Task<int> WriteDelimitedAsync(HttpContext context)
    {
        await using var rows = read(query.Limit).GetAsyncEnumerator(context.RequestAborted);
        var hasRow = await rows.MoveNextAsync();
        var isCsv = query.Format == CallFormat.Csv;
        context.Response.ContentType = isCsv ? "text/csv; charset=utf-8; header=present"
            : "text/tab-separated-values; charset=utf-8";
        context.Response.Headers.ContentDisposition = isCsv ? "attachment; filename=\"calls.csv\""
            : "attachment; filename=\"calls.tsv\"";
        await using var writer = new DelimitedWriter(context.Response.Body, isCsv, query.Output, numbers);
        await writer.WriteHeaderAsync();
        var count = 0;
        for (; hasRow; hasRow = await rows.MoveNextAsync())
        {
            await writer.WriteAsync(rows.Current);
            count++;
        }
        return count;
    }
}
