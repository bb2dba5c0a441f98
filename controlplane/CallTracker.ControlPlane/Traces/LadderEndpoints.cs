using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;

namespace CallTracker.ControlPlane.Traces;

/// <summary>
/// /v1/calls/{trn_id}/ladder and /pcap: the SIP messages of one call. They hold callers' numbers, so they need
/// pii:read, and each look is logged. Stateless.
/// </summary>
internal static class LadderEndpoints
{
    private const int TrnIdLength = 24;
    // What a node needs to settle and ship a call's messages, and something over.
    private const int ShipMsMax = 5000;

    public static void MapLadders(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/calls").WithTags("Calls");
        group.MapGet("/{trn_id}/ladder", GetLadderAsync).Needs(Scopes.PiiRead, operatorOnly: true)
            .Describe("Read a call's SIP messages",
                "Kept for failed, sampled and asked-for calls (POST /v1/traces). format=text draws them. Digest "
                + "answers, media keys and dialled digits are masked. 404 says why none are kept.")
            .Produces<string>(StatusCodes.Status200OK, "application/json", "text/plain");
        group.MapGet("/{trn_id}/pcap", GetPcapAsync).Needs(Scopes.PiiRead, operatorOnly: true)
            .Describe("Read a call's SIP messages as a capture file",
                "pcap with made-up IP and UDP headers; the same messages as in the ladder.")
            .Produces<string>(StatusCodes.Status200OK, PcapWriter.ContentType);
    }

    private static async Task<IResult> GetLadderAsync(
        HttpContext context, string trn_id, LadderStore store, TimeProvider clock, ILogger<LadderStore> log)
    {
        var format = context.Request.Query["format"].ToString();
        if (format is not ("" or "json" or "text"))
        {
            return Problems.BadRequest("bad_parameter", "A parameter is not acceptable.",
                new FieldError("format", "Must be json or text."));
        }
        var (ladder, problem) = await FindAsync(context, trn_id, store, clock);
        if (ladder is null) return problem!;
        Note(context, log, trn_id, format.Length == 0 ? "json" : format);
        return format == "text"
            ? Results.Text(LadderText.Draw(ladder), "text/plain; charset=utf-8")
            : Results.Bytes(LadderJson.Write(ladder), "application/json; charset=utf-8");
    }

    private static async Task<IResult> GetPcapAsync(
        HttpContext context, string trn_id, LadderStore store, TimeProvider clock, ILogger<LadderStore> log)
    {
        var (ladder, problem) = await FindAsync(context, trn_id, store, clock);
        if (ladder is null) return problem!;
        Note(context, log, trn_id, "pcap");
        return Results.Bytes(PcapWriter.Write(ladder), PcapWriter.ContentType, trn_id + ".pcap");
    }

    private static void Note(HttpContext context, ILogger<LadderStore> log, string trnId, string form)
    {
        var caller = Caller.Of(context);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        log.TraceShown(trnId, form, caller.KeyId, caller.OperatorId);
    }

    private static async Task<(Ladder? Ladder, IResult? Problem)> FindAsync(
        HttpContext context, string trnId, LadderStore store, TimeProvider clock)
    {
        if (trnId.Length != TrnIdLength || !trnId.All(char.IsAsciiLetterOrDigit))
            return (null, Problems.NotFound("call"));
        var operatorId = Caller.Of(context).OperatorId;
        var ladder = await store.FindAsync(operatorId, trnId, context.RequestAborted);
        if (ladder is not null) return (ladder, null);
        var call = await store.FindCallAsync(operatorId, trnId, context.RequestAborted);
        return (null, call is null ? Problems.NotFound("call") : WhyNone(call, clock));
    }

    private static ProblemResult WhyNone(EndedCallRow call, TimeProvider clock)
    {
        var sinceMs = clock.GetUtcNow().ToUnixTimeMilliseconds() - call.EocTms;
        if (sinceMs < ShipMsMax)
            return None("ladder_pending", "The call has just ended; its messages may come within seconds.");
        return call.DialStat is "normal" or "incomplete"
            ? None("ladder_not_kept", "The call did not fail, and it was neither sampled nor asked for.")
            : None("ladder_gone",
                "The messages are gone: their time is over, or the node had no room for them or did not keep any.");
    }

    private static ProblemResult None(string code, string detail) => new(StatusCodes.Status404NotFound, code, detail);
}
