using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>
/// /v1/calls/{trn_id}/recording/pause, /resume and /consent: what can be done to the recording of a call that is up.
/// Each may be repeated. Stateless.
/// </summary>
internal static class RecordingOrderEndpoints
{
    public static void MapRecordingOrders(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/calls/{trn_id}/recording").WithTags("Calls");
        Map(group, "pause", RecordingAction.Pause, "Pause a running call's recording",
            "From now on nothing is recorded; the time is silence in the file and counted in recording_paused_ms.");
        Map(group, "resume", RecordingAction.Resume, "Resume a running call's recording", "After a pause.");
        Map(group, "consent", RecordingAction.Consent, "Note that the parties of a running call consent",
            "The first moment counts: recording_consent_ms of the call log, from the recording's start.");
    }

    private static void Map(
        RouteGroupBuilder group, string path, RecordingAction action, string summary, string description) =>
        group.MapPost("/" + path, (HttpContext context, string trn_id, RecordingOrders orders, RecordingStore store,
                ILogger<RecordingOrders> log) => SendAsync(context, trn_id, action, orders, store, log))
            .Needs(Scopes.RecordingsControl)
            .DescribeWrite(summary, description + " Repeating it changes nothing. 409 says why it cannot be.")
            .Produces<RecordingOrderView>();

    private static async Task<IResult> SendAsync(
        HttpContext context, string trnId, RecordingAction action, RecordingOrders orders, RecordingStore store,
        ILogger<RecordingOrders> log)
    {
        if (!RecordingFormat.IsTrnId(trnId)) return Problems.NotFound("call");
        var caller = Caller.Of(context);
        var answer = await orders.SendAsync(
            new RecordingOrderRecord
            {
                OrderId = Identifier.Make(),
                TrnId = trnId,
                OperatorId = caller.OperatorId,
                ClientId = caller.ClientId,
                Action = action,
            },
            context.RequestAborted);
        if (answer is { Result: RecordingOrderResult.Done or RecordingOrderResult.Unchanged })
            return Show(answer, trnId, action, caller, log);
        if (answer is null or { Result: RecordingOrderResult.Absent })
            return await WhyAbsentAsync(context, trnId, caller, store);
        return Refuse(answer.Result);
    }

    private static IResult Show(
        RecordingAnswerRecord answer, string trnId, RecordingAction action, Caller caller, ILogger log)
    {
        var view = new RecordingOrderView
        {
            TrnId = trnId,
            Changed = answer.Result == RecordingOrderResult.Done,
            Paused = answer.IsPaused,
            Consented = answer.HasConsent,
        };
        if (view.Changed) log.RecordingOrdered(action, trnId, caller.KeyId, caller.OperatorId);
        return Results.Json(view, ApiJson.Wire.RecordingOrderView);
    }

    private static async Task<IResult> WhyAbsentAsync(
        HttpContext context, string trnId, Caller caller, RecordingStore store)
    {
        var call = await store.FindCallAsync(caller.OperatorId, trnId, context.RequestAborted);
        return call is null || !caller.Sees(call.ClientId)
            ? Problems.NotFound("call in progress")
            : Problems.Conflict("call_ended", "The call is over.");
    }

    private static ProblemResult Refuse(RecordingOrderResult result) => result switch
    {
        RecordingOrderResult.NotAnswered =>
            Problems.Conflict("call_not_answered", "Recording begins when the call is answered."),
        RecordingOrderResult.NotRecorded => Problems.Conflict("recording_none", "The call is not recorded."),
        RecordingOrderResult.Failed => Problems.Conflict("recording_failed", "The recording could not be made."),
        _ => Problems.Unavailable("The node of the call"),
    };
}
