using System.Text.Json;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Advertisers;

/// <summary>/v1/advertisers. Stateless.</summary>
internal static class AdvertiserEndpoints
{
    public static void MapAdvertisers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/advertisers").WithTags("Advertisers");
        group.MapPost("", CreateAsync).Needs(Scopes.NumbersWrite, operatorOnly: true)
            .DescribeWrite("Create an advertiser", "client_id is made by the server when it is not given.")
            .Accepts<AdvertiserBody>("application/json").Produces<Advertiser>(StatusCodes.Status201Created);
        group.MapGet("", ListAsync).Needs(Scopes.NumbersRead)
            .Describe("List advertisers", "In order of client_id; limit and cursor page through them.")
            .Produces<ListPage<Advertiser>>();
        group.MapGet("/{client_id}", GetAsync).Needs(Scopes.NumbersRead)
            .Describe("Read an advertiser", "Its version is in the ETag.").Produces<Advertiser>();
        group.MapPut("/{client_id}", ReplaceAsync).Needs(Scopes.NumbersWrite, operatorOnly: true)
            .DescribeWrite("Replace an advertiser", "A new name is carried into the routes of its numbers.")
            .Accepts<AdvertiserBody>("application/json").Produces<Advertiser>();
        group.MapPatch("/{client_id}", PatchAsync).Needs(Scopes.NumbersWrite, operatorOnly: true)
            .DescribeWrite("Change an advertiser", "JSON merge patch (RFC 7396).")
            .Accepts<AdvertiserBody>("application/merge-patch+json", "application/json").Produces<Advertiser>();
        group.MapDelete("/{client_id}", DeleteAsync).Needs(Scopes.NumbersWrite, operatorOnly: true)
            .DescribeWrite("Delete an advertiser", "409 while it has numbers.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, AdvertiserStore store, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        var (input, problem) = AdvertiserValidation.Read(body.Root, fixedId: null);
        if (input is null) return problem!;
        var now = clock.GetUtcNow();
        var advertiser = new Advertiser
        {
            ClientId = input.ClientId ?? Identifier.Make(),
            ClientName = input.ClientName,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var result = await store.CreateAsync(Caller.Of(context).OperatorId, advertiser);
        if (result.Outcome == CommitOutcome.Full) return Problems.Conflict("too_many", "No more advertisers fit.");
        if (!result.IsDone)
        {
            return Problems.Conflict("client_id_taken", "An advertiser with this client_id exists.",
                new FieldError("/client_id", "Is taken."));
        }
        context.Response.Headers.Location = "/v1/advertisers/" + advertiser.ClientId;
        return Answer(context, advertiser with { Version = result.Version }, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, AdvertiserStore store)
    {
        var caller = Caller.Of(context);
        if (PageRequest.Read(context, out var page) is { } problem) return problem;
        if (caller.ClientId is not null)
        {
            var own = await store.GetAsync(caller.OperatorId, caller.ClientId);
            return Page(new ListPage<Advertiser>(own is null ? [] : [own], null));
        }
        var (items, next) = await store.ListAsync(caller.OperatorId, page);
        if (next is not null) LinkHeader.WriteNext(context, next);
        return Page(new ListPage<Advertiser>(items, next));
    }

    private static async Task<IResult> GetAsync(HttpContext context, string client_id, AdvertiserStore store)
    {
        var caller = Caller.Of(context);
        var advertiser = caller.Sees(client_id) ? await store.GetAsync(caller.OperatorId, client_id) : null;
        return advertiser is null ? Problems.NotFound("advertiser") : Answer(context, advertiser);
    }

    private static async Task<IResult> ReplaceAsync(
        HttpContext context, string client_id, AdvertiserStore store, RouteRenamer renamer, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        return body.Problem ?? await WriteAsync(context, client_id, store, renamer, clock, _ => body.Root);
    }

    private static async Task<IResult> PatchAsync(
        HttpContext context, string client_id, AdvertiserStore store, RouteRenamer renamer, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        return await WriteAsync(context, client_id, store, renamer, clock, current =>
            MergePatch.Apply(JsonSerializer.SerializeToElement(current, ApiJson.Wire.Advertiser), body.Root));
    }

    private static Task<IResult> WriteAsync(
        HttpContext context, string clientId, AdvertiserStore store, RouteRenamer renamer, TimeProvider clock,
        Func<Advertiser, JsonElement> document) => Optimistic.RunAsync(async () =>
    {
        var operatorId = Caller.Of(context).OperatorId;
        var current = await store.GetAsync(operatorId, clientId);
        if (current is null) return Problems.NotFound("advertiser");
        if (!EntityTag.Admits(context, current.Version)) return Problems.Changed();
        var (input, problem) = AdvertiserValidation.Read(document(current), clientId);
        if (input is null) return problem;
        var changed = current with { ClientName = input.ClientName, UpdatedAt = clock.GetUtcNow() };
        var result = await store.ReplaceAsync(operatorId, changed, current.Version);
        if (!result.IsDone) return EntityTag.IsUnconditional(context) ? null : Problems.Changed();
        await renamer.RunAsync(operatorId, clientId, result.Version);
        return Answer(context, changed with { Version = result.Version });
    });

    private static Task<IResult> DeleteAsync(HttpContext context, string client_id, AdvertiserStore store) =>
        Optimistic.RunAsync(async () =>
        {
            var operatorId = Caller.Of(context).OperatorId;
            var current = await store.GetAsync(operatorId, client_id);
            if (current is null) return Problems.NotFound("advertiser");
            if (!EntityTag.Admits(context, current.Version)) return Problems.Changed();
            var result = await store.DeleteAsync(operatorId, client_id, current.Version);
            return result.Outcome switch
            {
                CommitOutcome.Done => Results.NoContent(),
                CommitOutcome.InUse => Problems.Conflict("advertiser_in_use", "The advertiser still has numbers."),
                _ => EntityTag.IsUnconditional(context) ? null : Problems.Changed(),
            };
        });

    private static IResult Answer(HttpContext context, Advertiser advertiser, int status = StatusCodes.Status200OK)
    {
        EntityTag.Write(context, advertiser.Version);
        return Results.Json(advertiser, ApiJson.Wire.Advertiser, statusCode: status);
    }

    private static IResult Page(ListPage<Advertiser> page) => Results.Json(page, ApiJson.Wire.ListPageAdvertiser);
}
