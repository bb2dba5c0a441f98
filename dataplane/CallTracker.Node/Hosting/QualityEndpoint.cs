using System.Globalization;
using System.Text.Json;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>
/// /calls and /calls/{trn_id}/quality of the node's HTTP side: the media of calls in progress, and of one second by
/// second. Holds neither numbers nor addresses.
/// </summary>
/// <param name="read">The media of a call by its id; null when it is not up here.</param>
/// <param name="list">So many calls, the worst first.</param>
internal sealed class QualityEndpoint(
    Func<string, CancellationToken, Task<RunningMedia?>> read,
    Func<int, CancellationToken, Task<List<RunningMedia>>> list)
{
    /// <summary>Streams at a time; each asks a worker once a second.</summary>
    internal const int StreamsMax = 32;
    private const int SecondsMax = 3600;
    private const int ListMax = 1000;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private int _streams;

    public async Task<IResult> ListAsync(HttpContext context, CancellationToken ct)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryRead(context, "limit", ListMax, out var limit))
            return Results.Text($"limit must be 1 to {ListMax}\n", statusCode: 400);
        var calls = await list(limit == 0 ? ListMax / 10 : limit, ct);
        var reports = calls.ConvertAll(call => QualityReport.Of(call, null));
        return Results.Bytes(
            JsonSerializer.SerializeToUtf8Bytes(reports, NodeJson.Default.ListQualityReport), "application/json");
    }

    public async Task<IResult> GetAsync(HttpContext context, string trn_id)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryRead(context, "seconds", SecondsMax, out var seconds))
            return Results.Text($"seconds must be 1 to {SecondsMax}\n", statusCode: 400);
        var first = await read(trn_id, context.RequestAborted);
        if (first is null) return Results.Text("no such call in progress on this node\n", statusCode: 404);
        if (seconds == 0) return Results.Bytes(Json(first, null), "application/json");
        try
        {
            if (Interlocked.Increment(ref _streams) > StreamsMax)
                return Results.Text("too many streams\n", statusCode: 503);
            await StreamAsync(context, trn_id, first, seconds);
        }
        catch (OperationCanceledException)
        {
            // The reader left; there is nobody to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
        return Results.Empty;
    }

    // Without the parameter: 0.
    private static bool TryRead(HttpContext context, string name, int max, out int value)
    {
        value = 0;
        var text = context.Request.Query[name].ToString();
        return text.Length == 0
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value >= 1 && value <= max);
    }

    // One line a second until the call ends or the time is over.
    private async Task StreamAsync(HttpContext context, string trnId, RunningMedia first, int seconds)
    {
        var ct = context.RequestAborted;
        context.Response.ContentType = "application/x-ndjson";
        RunningMedia? before = null;
        var now = first;
        using var timer = new PeriodicTimer(s_second);
        while (true)
        {
            await context.Response.BodyWriter.WriteAsync((byte[])[.. Json(now, before), (byte)'\n'], ct);
            if (--seconds == 0 || !await timer.WaitForNextTickAsync(ct)) return;
            before = now;
            if (await read(trnId, ct) is not { } next) return;
            now = next;
        }
    }

    private static byte[] Json(RunningMedia now, RunningMedia? before) =>
        JsonSerializer.SerializeToUtf8Bytes(QualityReport.Of(now, before), NodeJson.Default.QualityReport);
}
