using System.Text.Json;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>/v1/trunks. Stateless.</summary>
internal static class TrunkEndpoints
{
    public static void MapTrunks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/trunks").WithTags("Trunks");
        group.MapPost("", CreateAsync).Needs(Scopes.TrunksWrite, operatorOnly: true)
            .DescribeWrite("Create a trunk", "A carrier or shop connection: calls out by prefix, calls in by source.")
            .Accepts<TrunkBody>("application/json").Produces<TrunkAnswer>(StatusCodes.Status201Created);
        group.MapGet("", ListAsync).Needs(Scopes.TrunksRead, operatorOnly: true)
            .Describe("List trunks", "In order of trunk_id; limit and cursor page through them.")
            .Produces<ListPage<TrunkAnswer>>();
        group.MapGet("/{trunk_id}", GetAsync).Needs(Scopes.TrunksRead, operatorOnly: true)
            .Describe("Read a trunk", "Its version is in the ETag.").Produces<TrunkAnswer>();
        group.MapPut("/{trunk_id}", ReplaceAsync).Needs(Scopes.TrunksWrite, operatorOnly: true)
            .DescribeWrite("Replace a trunk", "The next call sees the change.")
            .Accepts<TrunkBody>("application/json").Produces<TrunkAnswer>();
        group.MapPatch("/{trunk_id}", PatchAsync).Needs(Scopes.TrunksWrite, operatorOnly: true)
            .DescribeWrite("Change a trunk", "JSON merge patch (RFC 7396).")
            .Accepts<TrunkBody>("application/merge-patch+json", "application/json").Produces<TrunkAnswer>();
        group.MapDelete("/{trunk_id}", DeleteAsync).Needs(Scopes.TrunksWrite, operatorOnly: true)
            .DescribeWrite("Delete a trunk", "Calls that use it go on.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, TrunkStore store, TrunkSecretCipher cipher)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        var (input, problem) = TrunkValidation.Read(body.Root, fixedId: null, keepsSecret: false);
        if (input is null) return problem!;
        var (id, operatorId) = (input.TrunkId ?? Identifier.Make(), Caller.Of(context).OperatorId);
        var trunk = TrunkComposing.Compose(input, id, operatorId, cipher.Seal(operatorId, id, input.Secret ?? ""));
        var result = await store.CreateAsync(trunk);
        if (result.Outcome == CommitOutcome.Full) return Problems.Conflict("too_many", "No more trunks fit.");
        if (!result.IsDone)
        {
            return Problems.Conflict("trunk_id_taken", "This trunk_id is taken.",
                new FieldError("/trunk_id", "Is taken."));
        }
        context.Response.Headers.Location = "/v1/trunks/" + trunk.TrunkId;
        return Answer(context, trunk with { Version = result.Version }, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, TrunkStore store)
    {
        if (PageRequest.Read(context, out var page) is { } problem) return problem;
        var (items, next) = await store.ListAsync(Caller.Of(context).OperatorId, page);
        if (next is not null) LinkHeader.WriteNext(context, next);
        var answers = items.Select(TrunkAnswer.Of).ToArray();
        return Results.Json(new ListPage<TrunkAnswer>(answers, next), ApiJson.Wire.ListPageTrunkAnswer);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string trunk_id, TrunkStore store)
    {
        var trunk = await store.GetAsync(Caller.Of(context).OperatorId, trunk_id);
        return trunk is null ? Problems.NotFound("trunk") : Answer(context, trunk);
    }

    private static async Task<IResult> ReplaceAsync(
        HttpContext context, string trunk_id, TrunkStore store, TrunkSecretCipher cipher)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        return await WriteAsync(context, trunk_id, store, cipher, body.Root, _ => body.Root);
    }

    private static async Task<IResult> PatchAsync(
        HttpContext context, string trunk_id, TrunkStore store, TrunkSecretCipher cipher)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        return await WriteAsync(context, trunk_id, store, cipher, body.Root, current => MergePatch.Apply(
            JsonSerializer.SerializeToElement(TrunkAnswer.Of(current), ApiJson.Wire.TrunkAnswer), body.Root));
    }

    // A body that does not name the secret keeps it: clients cannot send back what they are never shown.
    private static Task<IResult> WriteAsync(HttpContext context, string trunkId, TrunkStore store,
        TrunkSecretCipher cipher, JsonElement sent, Func<TrunkRecord, JsonElement> document) =>
        Optimistic.RunAsync(async () =>
        {
            var current = await store.GetAsync(Caller.Of(context).OperatorId, trunkId);
            if (current is null) return Problems.NotFound("trunk");
            if (!EntityTag.Admits(context, current.Version)) return Problems.Changed();
            var kept = sent.TryGetProperty("secret", out _) ? "" : current.SecretSealed;
            var (input, problem) = TrunkValidation.Read(document(current), trunkId, keepsSecret: kept.Length > 0);
            if (input is null) return problem;
            var secret = kept.Length > 0 ? kept : cipher.Seal(current.OperatorId, trunkId, input.Secret ?? "");
            var changed = TrunkComposing.Compose(input, trunkId, current.OperatorId, secret);
            var result = await store.ReplaceAsync(changed, current.Version);
            if (result.IsDone) return Answer(context, changed with { Version = result.Version });
            return EntityTag.IsUnconditional(context) ? null : Problems.Changed();
        });

    private static Task<IResult> DeleteAsync(HttpContext context, string trunk_id, TrunkStore store) =>
        Optimistic.RunAsync(async () =>
        {
            var current = await store.GetAsync(Caller.Of(context).OperatorId, trunk_id);
            if (current is null) return Problems.NotFound("trunk");
            if (!EntityTag.Admits(context, current.Version)) return Problems.Changed();
            var result = await store.DeleteAsync(current);
            if (result.IsDone) return Results.NoContent();
            return EntityTag.IsUnconditional(context) ? null : Problems.Changed();
        });

    private static IResult Answer(HttpContext context, TrunkRecord trunk, int status = StatusCodes.Status200OK)
    {
        EntityTag.Write(context, trunk.Version);
        return Results.Json(TrunkAnswer.Of(trunk), ApiJson.Wire.TrunkAnswer, statusCode: status);
    }
}
