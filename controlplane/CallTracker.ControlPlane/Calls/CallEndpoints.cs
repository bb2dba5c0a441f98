using System.Text.Json;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Calls.Output;
using CallTracker.ControlPlane.Calls.Live;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Calls;

/// <summary>/v1/calls: the call log as a list, one call, and the live stream. Stateless.</summary>
internal static class CallEndpoints
{
    private const int TrnIdLength = 24;

    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/calls").WithTags("Calls");
        group.MapGet("", List).Needs(Scopes.CallsRead).Describe("Read the call log",
            "Parameters: from, to (din_tms, half open, ISO 8601, Asia/Tokyo by default), din_id and fwd_id (prefix), "
            + "client_id, hup_usr, dial_stat, valid_res, clr_type (several by comma), sort (any column, - downwards), "
            + "columns, limit (100; at most 1000, streamed formats 100000), cursor, "
            + "format=json|ndjson|csv|tsv (or Accept), "
            + "lang=ja|en, headers=keys|labels, bom=1. clr_id_cipher is in clear for keys with pii:read.")
            .Produces<string>(StatusCodes.Status200OK, "application/json", "application/x-ndjson", "text/csv",
                "text/tab-separated-values");
        group.MapGet("/{trn_id}", GetAsync).Needs(Scopes.CallsRead)
            .Describe("Read one call", "With every column; lang=ja|en.")
            .Produces<string>(contentType: "application/json");
        group.MapGet("/stream", CallStreamResult.Open).Needs(Scopes.CallsRead).Describe("Follow the call log",
            "Server-sent events: call for each finished call, verdict when a judgement changes. Last-Event-ID resumes "
            + "without loss or repetition.").Produces<string>(contentType: "text/event-stream");
    }

    private static IResult List(HttpContext context, CallLog log, CallerNumbers numbers, ILogger<CallLog> logger)
    {
        var (query, problem) = new CallQueryReader(context).Read();
        if (query is null) return problem!;
        var caller = Caller.Of(context);
        return new CallListResult(
            query, limit => log.ReadAsync(query, caller.OperatorId, caller.ClientId, limit, context.RequestAborted),
            numbers, count => logger.CallerNumbersShown(count, caller.KeyId, caller.OperatorId));
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, string trn_id, CallLog log, CallerNumbers numbers, ILogger<CallLog> logger)
    {
        var caller = Caller.Of(context);
        var isId = trn_id.Length == TrnIdLength && trn_id.All(char.IsAsciiLetterOrDigit);
        if (!isId) return Problems.NotFound("call");
        var language = context.Request.Query["lang"] == "en" ? Language.English : Language.Japanese;
        var output = new CallOutputOptions(CallColumns.All, language, HasLabelHeaders: false, HasBom: false,
            caller.May(Scopes.PiiRead));
        var row = await log.FindAsync(caller.OperatorId, caller.ClientId, trn_id, output, context.RequestAborted);
        if (row is null) return Problems.NotFound("call");
        if (output.ShowsCallerNumbers) logger.CallerNumbersShown(1, caller.KeyId, caller.OperatorId);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Bytes(Json(row, output, numbers), "application/json; charset=utf-8");
    }

    private static ReadOnlyMemory<byte> Json(CallRow row, CallOutputOptions output, CallerNumbers numbers)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, CallJsonWriter.Options))
        {
            CallJsonWriter.Write(json, row, output, numbers);
        }
        return memory.ToArray();
    }
}
