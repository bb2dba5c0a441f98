using System.Text.Json;
using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>The requests that change numbers: read, validate, write if nobody was faster. Stateless.</summary>
internal static class NumberWrites
{
    public static async Task<IResult> CreateAsync(
        HttpContext context, NumberStore store, AdvertiserStore advertisers, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        var (input, problem) = NumberValidation.Read(body.Root, current: null);
        if (input is null) return problem!;
        var now = clock.GetUtcNow();
        var number = Compose(input, input.DialinId ?? Identifier.Make(), now, now);
        return await Optimistic.RunAsync(async () =>
        {
            var (advertiser, refusal) = await AdvertiserForAsync(context, input.ClientId, advertisers);
            if (advertiser is null) return refusal;
            var result = await store.CreateAsync(Caller.Of(context).OperatorId, number, advertiser);
            return result.Outcome switch
            {
                CommitOutcome.Done => Created(context, number with { Version = result.Version }),
                CommitOutcome.Full => Problems.Conflict("too_many", "No more numbers fit."),
                CommitOutcome.Exists => await TakenAsync(store, Caller.Of(context).OperatorId, number),
                _ => null,
            };
        });
    }

    public static async Task<IResult> ReplaceAsync(
        HttpContext context, string dialin_id, NumberStore store, AdvertiserStore advertisers, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        return body.Problem ?? await WriteAsync(context, dialin_id, store, advertisers, clock, _ => body.Root);
    }

    public static async Task<IResult> PatchAsync(
        HttpContext context, string dialin_id, NumberStore store, AdvertiserStore advertisers, TimeProvider clock)
    {
        var body = await JsonBody.ReadAsync(context);
        if (body.Problem is not null) return body.Problem;
        return await WriteAsync(context, dialin_id, store, advertisers, clock, current =>
            MergePatch.Apply(JsonSerializer.SerializeToElement(current, ApiJson.Wire.TrackingNumber), body.Root));
    }

    public static Task<IResult> DeleteAsync(HttpContext context, string dialin_id, NumberStore store) =>
        Optimistic.RunAsync(async () =>
        {
            var caller = Caller.Of(context);
            var current = await store.FindAsync(caller.OperatorId, dialin_id);
            if (current is null || !caller.Sees(current.ClientId)) return Problems.NotFound("number");
            if (!EntityTag.Admits(context, current.Version)) return Problems.Changed();
            var result = await store.DeleteAsync(caller.OperatorId, current);
            if (result.IsDone) return Results.NoContent();
            return EntityTag.IsUnconditional(context) ? null : Problems.Changed();
        });

    public static IResult Answer(HttpContext context, TrackingNumber number, int status = StatusCodes.Status200OK)
    {
        EntityTag.Write(context, number.Version);
        return Results.Json(number, ApiJson.Wire.TrackingNumber, statusCode: status);
    }

    private static Task<IResult> WriteAsync(
        HttpContext context, string id, NumberStore store, AdvertiserStore advertisers, TimeProvider clock,
        Func<TrackingNumber, JsonElement> document) => Optimistic.RunAsync(async () =>
    {
        var caller = Caller.Of(context);
        var current = await store.FindAsync(caller.OperatorId, id);
        if (current is null || !caller.Sees(current.ClientId)) return Problems.NotFound("number");
        if (!EntityTag.Admits(context, current.Version)) return Problems.Changed();
        var (input, problem) = NumberValidation.Read(document(current), current);
        if (input is null) return problem;
        var (advertiser, refusal) = await AdvertiserForAsync(context, input.ClientId, advertisers);
        if (advertiser is null) return refusal;
        var changed = Compose(input, current.DialinId, current.CreatedAt, clock.GetUtcNow());
        var result = await store.ReplaceAsync(caller.OperatorId, changed, current, advertiser);
        return result.Outcome switch
        {
            CommitOutcome.Done => Answer(context, changed with { Version = result.Version }),
            CommitOutcome.Changed when !EntityTag.IsUnconditional(context) => Problems.Changed(),
            _ => null,
        };
    });

    private static async Task<(Advertiser? Advertiser, ProblemResult? Problem)> AdvertiserForAsync(
        HttpContext context, string clientId, AdvertiserStore advertisers)
    {
        var caller = Caller.Of(context);
        if (!caller.Sees(clientId)) return (null, Problems.OtherTenant("The key is bound to another advertiser."));
        var advertiser = await advertisers.GetAsync(caller.OperatorId, clientId);
        if (advertiser is not null) return (advertiser, null);
        return (null, Problems.Invalid(new FieldError("/client_id", "There is no such advertiser.")));
    }

    private static TrackingNumber Compose(NumberBody input, string dialinId, DateTimeOffset created,
        DateTimeOffset now) =>
        new()
        {
            DialinId = dialinId,
            DinId = input.DinId,
            ClientId = input.ClientId,
            DialinName = input.DialinName,
            Destinations = input.Destinations,
            AllowedDestinations = input.AllowedDestinations ?? [],
            CallerDisplay = input.CallerDisplay,
            SystemNumber = input.SystemNumber ?? "",
            Enabled = input.Enabled,
            Recording = input.Recording,
            RecordingDays = input.RecordingDays,
            CreatedAt = created,
            UpdatedAt = now,
        };

    private static IResult Created(HttpContext context, TrackingNumber number)
    {
        context.Response.Headers.Location = "/v1/numbers/" + number.DialinId;
        return Answer(context, number, StatusCodes.Status201Created);
    }

    // Which of the two is taken is told only as far as the asker's own operator goes.
    private static async Task<IResult> TakenAsync(NumberStore store, string operatorId, TrackingNumber number)
    {
        var own = await store.FindAsync(operatorId, number.DialinId);
        var isId = own is not null && own.DialinId == number.DialinId;
        return isId
            ? Problems.Conflict("dialin_id_taken", "A number with this dialin_id exists.",
                new FieldError("/dialin_id", "Is taken."))
            : Problems.Conflict("din_id_taken", "This number exists already.", new FieldError("/din_id", "Is taken."));
    }
}
