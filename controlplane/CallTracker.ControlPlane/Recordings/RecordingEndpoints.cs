using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>
/// /v1/calls/{trn_id}/recording: what was said, as a WAV file. Each look and each deletion is logged. Stateless.
/// </summary>
internal static class RecordingEndpoints
{
    private const string ContentType = "audio/wav";

    public static void MapRecordings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/calls").WithTags("Calls");
        group.MapGet("/{trn_id}/recording", GetAsync).Needs(Scopes.RecordingsRead)
            .Describe("Listen to a call",
                "WAV, μ-law, 8 kHz; of both sides stereo with the caller left. Range is supported; of a call that is "
                + "up what there is so far. 404 says why there is none.")
            .Produces<string>(StatusCodes.Status200OK, ContentType)
            .Produces<string>(StatusCodes.Status206PartialContent, ContentType);
        group.MapDelete("/{trn_id}/recording", DeleteAsync).Needs(Scopes.RecordingsDelete)
            .DescribeWrite("Delete a call's recording", "For good; the call log says that it was deleted.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, string trn_id, RecordingStore store, ILogger<RecordingStore> log)
    {
        if (!RecordingFormat.IsTrnId(trn_id)) return Problems.NotFound("call");
        var caller = Caller.Of(context);
        var file = store.TryOpen(caller.OperatorId, trn_id) ?? await FetchAsync(context, trn_id, store);
        if (file is null) return await WhyNoneAsync(context, trn_id, store);
        if (!caller.Sees(file.Header.ClientId))
        {
            file.Dispose();
            return Problems.NotFound("call");
        }
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        log.RecordingShown(trn_id, caller.KeyId, caller.OperatorId);
        return Results.Stream(
            new RecordingWavStream(file), ContentType, trn_id + ".wav", enableRangeProcessing: true);
    }

    // Out of the store comes only what is known to be the asker's and not deleted.
    private static async Task<RecordingFile?> FetchAsync(HttpContext context, string trnId, RecordingStore store)
    {
        var (caller, ct) = (Caller.Of(context), context.RequestAborted);
        if (!store.HasStore) return null;
        var call = await store.FindCallAsync(caller.OperatorId, trnId, ct);
        if (call is null || !caller.Sees(call.ClientId)) return null;
        var state = await store.StateOfAsync(caller.OperatorId, call, trnId, ct);
        return state is "complete" or "partial" or "interrupted"
            ? await store.FetchAsync(caller.OperatorId, trnId, ct)
            : null;
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext context, string trn_id, RecordingStore store, ILogger<RecordingStore> log)
    {
        if (!RecordingFormat.IsTrnId(trn_id)) return Problems.NotFound("call");
        var caller = Caller.Of(context);
        var call = await store.FindCallAsync(caller.OperatorId, trn_id, context.RequestAborted);
        if (call is null || !caller.Sees(call.ClientId)) return NotYet(caller, trn_id, store);
        if (call.Recording == "off") return None("recording_none", "The call was not recorded.");
        if (!await store.TryDeleteAsync(caller.OperatorId, trn_id, call, context.RequestAborted)) return Running();
        log.RecordingDeleted(trn_id, caller.KeyId, caller.OperatorId);
        return Results.NoContent();
    }

    // A call that is up has no record yet, and so has one whose record is on the way.
    private static ProblemResult NotYet(Caller caller, string trnId, RecordingStore store)
    {
        using var file = store.TryOpen(caller.OperatorId, trnId);
        var isOwn = file is not null && caller.Sees(file.Header.ClientId);
        return isOwn ? Running() : Problems.NotFound("call");
    }

    private static async Task<IResult> WhyNoneAsync(HttpContext context, string trnId, RecordingStore store)
    {
        var caller = Caller.Of(context);
        var call = await store.FindCallAsync(caller.OperatorId, trnId, context.RequestAborted);
        if (call is null || !caller.Sees(call.ClientId)) return Problems.NotFound("call");
        if (call.Recording == "off") return None("recording_none", "The call was not recorded.");
        return await store.StateOfAsync(caller.OperatorId, call, trnId, context.RequestAborted) switch
        {
            "deleted" => None("recording_deleted", "The recording was deleted on request."),
            "failed" => None("recording_failed", "The recording could not be made."),
            "" => None("recording_pending", "Nothing is known of the recording yet."),
            _ => None("recording_elsewhere", "The recording is not where this server looks for it, or was altered."),
        };
    }

    private static ProblemResult Running() =>
        Problems.Conflict("recording_running", "The recording is still being made.");

    private static ProblemResult None(string code, string detail) => new(StatusCodes.Status404NotFound, code, detail);
}
