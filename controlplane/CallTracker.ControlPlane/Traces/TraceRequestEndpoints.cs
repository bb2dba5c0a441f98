using CallTracker.Contracts.Tracing;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Calls;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Traces;

/// <summary>/v1/traces: have the SIP messages of a number's or a caller's calls kept for a while. Stateless.</summary>
internal static class TraceRequestEndpoints
{
    public static void MapTraces(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/traces").WithTags("Traces");
        group.MapPost("", CreateAsync).Needs(Scopes.TracesWrite, operatorOnly: true)
            .DescribeWrite("Keep the SIP messages of calls",
                "Of a tracking number, of a caller, or of a caller to a number, for some minutes. Calls that end from "
                + "now on are kept, also those that run already, whose ladders can be read while they are up.")
            .Accepts<TraceRequestBody>("application/json").Produces<TraceRequestView>(StatusCodes.Status201Created);
        group.MapGet("", ListAsync).Needs(Scopes.TracesRead, operatorOnly: true)
            .Describe("List the orders in force", "The newest first; callers' numbers in clear with pii:read.")
            .Produces<ListPage<TraceRequestView>>();
        group.MapGet("/calls", ListCallsAsync).Needs(Scopes.TracesRead, operatorOnly: true)
            .Describe("List the calls kept because they were asked for",
                "Of the last day, those in progress first, 200 at most. Their messages: /v1/calls/{trn_id}/ladder, "
                + "which grows every few seconds while the call is up.")
            .Produces<ListPage<KeptCallView>>();
        group.MapDelete("/{trace_id}", DeleteAsync).Needs(Scopes.TracesWrite, operatorOnly: true)
            .DescribeWrite("End an order", "What was kept because of it stays.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, TraceRequestStore store, CallerNumbers numbers, TimeProvider clock,
        ILogger<TraceRequestStore> log)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        var (input, problem) = TraceRequestValidation.Read(body.Root);
        if (input is null) return problem!;
        var caller = Caller.Of(context);
        var request = Compose(input, caller, numbers, clock.GetUtcNow());
        if (await store.CreateAsync(request) == CommitOutcome.Full)
            return Problems.Conflict("too_many", "End some orders first.");
        log.TraceOrdered(request.TraceId, caller.KeyId, caller.OperatorId);
        return Results.Json(View(request, caller, numbers), ApiJson.Wire.TraceRequestView,
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, TraceRequestStore store, CallerNumbers numbers)
    {
        var caller = Caller.Of(context);
        var items = (await store.ListAsync(caller.OperatorId)).Select(r => View(r, caller, numbers)).ToArray();
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new ListPage<TraceRequestView>(items, null), ApiJson.Wire.ListPageTraceRequestView);
    }

    private static async Task<IResult> ListCallsAsync(HttpContext context, LadderStore store)
    {
        var items = await store.ListAskedForAsync(Caller.Of(context).OperatorId, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new ListPage<KeptCallView>([.. items], null), ApiJson.Wire.ListPageKeptCallView);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, string trace_id, TraceRequestStore store, ILogger<TraceRequestStore> log)
    {
        var caller = Caller.Of(context);
        if (!await store.DeleteAsync(caller.OperatorId, trace_id)) return Problems.NotFound("trace");
        log.TraceEnded(trace_id, caller.KeyId, caller.OperatorId);
        return Results.NoContent();
    }

    private static TraceRequestRecord Compose(
        TraceRequestBody input, Caller caller, CallerNumbers numbers, DateTimeOffset now) => new()
        {
            TraceId = Identifier.Make(),
            OperatorId = caller.OperatorId,
            DinId = input.DinId ?? "",
            CallerKey = numbers.Key(input.Caller ?? ""),
            CallerCipher = numbers.Seal(input.Caller ?? ""),
            Note = input.Note ?? "",
            CreatedBy = caller.KeyId,
            CreatedMs = now.ToUnixTimeMilliseconds(),
            ExpiresMs = now.AddMinutes(input.Minutes).ToUnixTimeMilliseconds(),
        };

    private static TraceRequestView View(TraceRequestRecord request, Caller caller, CallerNumbers numbers) => new()
    {
        TraceId = request.TraceId,
        DinId = NullIfEmpty(request.DinId),
        Caller = request.CallerKey == 0 ? null
            : caller.May(Scopes.PiiRead) ? numbers.Open(request.CallerCipher) : "***",
        Note = NullIfEmpty(request.Note),
        CreatedBy = request.CreatedBy,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(request.CreatedMs),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(request.ExpiresMs),
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
