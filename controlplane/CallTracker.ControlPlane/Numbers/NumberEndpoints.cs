using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>
/// /v1/numbers: the mapping and the reading requests; <see cref="NumberWrites"/> has the others. Stateless.
/// </summary>
internal static class NumberEndpoints
{
    // :: Step P1
    public static void MapNumbers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/numbers").WithTags("Numbers");
        group.MapPost("", NumberWrites.CreateAsync).Needs(Scopes.NumbersWrite)
            .DescribeWrite("Create a tracking number", "The next call to it takes its route. 409 when din_id exists.")
            .Accepts<NumberBody>("application/json").Produces<TrackingNumber>(StatusCodes.Status201Created);
        group.MapGet("", ListAsync).Needs(Scopes.NumbersRead)
            .Describe("List tracking numbers", "In order of dialin_id; limit, cursor and client_id select.")
            .Produces<ListPage<TrackingNumber>>();
        group.MapGet("/{dialin_id}", GetAsync).Needs(Scopes.NumbersRead)
            .Describe("Read a tracking number", "By dialin_id, or by the number itself in any written form.")
            .Produces<TrackingNumber>();
        group.MapPut("/{dialin_id}", NumberWrites.ReplaceAsync).Needs(Scopes.NumbersWrite)
            .DescribeWrite("Replace a tracking number", "The next call sees the change. din_id and dialin_id stay.")
            .Accepts<NumberBody>("application/json").Produces<TrackingNumber>();
        group.MapPatch("/{dialin_id}", NumberWrites.PatchAsync).Needs(Scopes.NumbersWrite)
            .DescribeWrite("Change a tracking number", "JSON merge patch (RFC 7396).")
            .Accepts<NumberBody>("application/merge-patch+json", "application/json").Produces<TrackingNumber>();
        group.MapDelete("/{dialin_id}", NumberWrites.DeleteAsync).Needs(Scopes.NumbersWrite)
            .DescribeWrite("Delete a tracking number", "Its calls stay in the call log.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, NumberStore store)
    {
        var caller = Caller.Of(context);
        if (PageRequest.Read(context, out var page) is { } problem) return problem;
        var wanted = context.Request.Query["client_id"].ToString();
        if (wanted.Length > 0 && (!Identifier.IsValid(wanted) || !caller.Sees(wanted)))
        {
            return Results.Json(new ListPage<TrackingNumber>([], null), ApiJson.Wire.ListPageTrackingNumber);
        }
        var clientId = caller.ClientId ?? (wanted.Length > 0 ? wanted : null);
        var (items, next) = await store.ListAsync(caller.OperatorId, clientId, page);
        if (next is not null) LinkHeader.WriteNext(context, next);
        return Results.Json(new ListPage<TrackingNumber>(items, next), ApiJson.Wire.ListPageTrackingNumber);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string dialin_id, NumberStore store)
    {
        var caller = Caller.Of(context);
        var number = await store.FindAsync(caller.OperatorId, dialin_id);
        if (number is null || !caller.Sees(number.ClientId)) return Problems.NotFound("number");
        return NumberWrites.Answer(context, number);
    }
}
