using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.ApiKeys;

/// <summary>/v1/api-keys: make, list, look at and revoke keys. Stateless.</summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/api-keys").WithTags("API keys");
        group.MapPost("", CreateAsync).Needs(Scopes.KeysWrite).Describe("Make an API key",
                "The key itself is shown in this answer and never again. A key cannot give rights that it lacks.")
            .Accepts<ApiKeyBody>("application/json").Produces<ApiKeyCreated>(StatusCodes.Status201Created);
        group.MapGet("", ListAsync).Needs(Scopes.KeysWrite)
            .Describe("List API keys", "In order of id, without the keys.")
            .Produces<ListPage<ApiKeyRecord>>();
        group.MapGet("/{key_id}", GetAsync).Needs(Scopes.KeysWrite).Describe("Look at an API key", "Without the key.")
            .Produces<ApiKeyRecord>();
        group.MapDelete("/{key_id}", DeleteAsync).Needs(Scopes.KeysWrite).Describe("Revoke an API key",
                "It stops working at once here and within two seconds on other instances.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ApiKeyStore keys, AdvertiserStore advertisers, TimeProvider clock)
    {
        var caller = Caller.Of(context);
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        var (input, problem) = ApiKeyValidation.Read(body.Root, clock.GetUtcNow());
        if (input is null) return problem!;
        if (await RefuseGrantAsync(caller, input, advertisers) is { } refusal) return refusal;
        var record = new ApiKeyRecord
        {
            KeyId = Identifier.Make(),
            OperatorId = caller.OperatorId,
            ClientId = input.ClientId ?? caller.ClientId,
            Name = input.Name,
            Scopes = input.Scopes,
            CreatedAt = clock.GetUtcNow(),
            ExpiresAt = input.ExpiresAt,
        };
        var text = ApiKeyText.Make();
        var (outcome, kept) = await keys.AddAsync(record, text);
        if (outcome == CommitOutcome.Full) return Problems.Conflict("too_many_keys", "Revoke some keys first.");
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new ApiKeyCreated(text, kept), ApiJson.Wire.ApiKeyCreated,
            statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeyStore keys)
    {
        var caller = Caller.Of(context);
        if (PageRequest.Read(context, out var page) is { } problem) return problem;
        var (items, next) = await keys.ListAsync(caller.OperatorId, page);
        if (next is not null) LinkHeader.WriteNext(context, next);
        var visible = items.Where(k => IsVisible(caller, k)).ToArray();
        return Results.Json(new ListPage<ApiKeyRecord>(visible, next), ApiJson.Wire.ListPageApiKeyRecord);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string key_id, ApiKeyStore keys)
    {
        var caller = Caller.Of(context);
        var key = await keys.GetAsync(caller.OperatorId, key_id);
        if (key is null || !IsVisible(caller, key)) return Problems.NotFound("API key");
        return Results.Json(key, ApiJson.Wire.ApiKeyRecord);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string key_id, ApiKeyStore keys)
    {
        var caller = Caller.Of(context);
        var key = await keys.GetAsync(caller.OperatorId, key_id);
        if (key is null || !IsVisible(caller, key)) return Problems.NotFound("API key");
        var isGone = await keys.RemoveAsync(caller.OperatorId, key_id);
        return isGone ? Results.NoContent() : Problems.NotFound("API key");
    }

    private static bool IsVisible(Caller caller, ApiKeyRecord key) =>
        caller.ClientId is null || key.ClientId == caller.ClientId;

    private static async Task<ProblemResult?> RefuseGrantAsync(
        Caller caller, ApiKeyBody input, AdvertiserStore advertisers)
    {
        foreach (var scope in input.Scopes)
        {
            if (!caller.May(scope)) return Problems.ScopeMissing(scope);
        }
        if (input.ClientId is null) return null;
        if (!caller.Sees(input.ClientId)) return Problems.OtherTenant("The key is bound to another advertiser.");
        if (await advertisers.GetAsync(caller.OperatorId, input.ClientId) is not null) return null;
        return Problems.Invalid(new FieldError("/client_id", "There is no such advertiser."));
    }
}
