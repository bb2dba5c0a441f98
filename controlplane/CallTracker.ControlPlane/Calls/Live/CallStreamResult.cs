using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Calls.Output;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>
/// One open stream of server-sent events. Catches up from the ledger, then follows the hub; both are in order of
/// position, and the position of the last event written decides what comes next, so nothing is lost or repeated. Lives
/// as long as the request.
/// </summary>
internal sealed class CallStreamResult(
    CallHub hub, CallFeed feed, CallerNumbers numbers, ApiKeyStore keys, Caller caller, CallOutputOptions output,
    ulong? resumeAfter, ILogger<CallHub> log, CancellationToken stopping) : IResult
{
    /// <summary>How often a silent stream says that it lives, and asks whether its key still does.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private ulong? _position = resumeAfter;
    private int _numbersShown;

    /// <summary>The endpoint: reads where to resume, and refuses what is no position.</summary>
    public static IResult Open(HttpContext context, CallHub hub, CallFeed feed, CallerNumbers numbers, ApiKeyStore keys,
        IHostApplicationLifetime lifetime, ILogger<CallHub> log)
    {
        var text = context.Request.Headers["Last-Event-ID"].ToString();
        if (text.Length == 0) text = context.Request.Query["last_event_id"].ToString();
        ulong position = 0;
        if (text.Length > 0 && !ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position))
        {
            return Problems.BadRequest("bad_parameter", "A parameter is not acceptable.",
                new FieldError("Last-Event-ID", "Must be the id of an event of this stream."));
        }
        var caller = Caller.Of(context);
        var language = context.Request.Query["lang"] == "en" ? Language.English : Language.Japanese;
        var output = new CallOutputOptions(CallColumns.All, language, HasLabelHeaders: false, HasBom: false,
            caller.May(Scopes.PiiRead));
        return new CallStreamResult(hub, feed, numbers, keys, caller, output, text.Length > 0 ? position : null,
            log, lifetime.ApplicationStopping);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var subscription = await hub.SubscribeAsync(caller.OperatorId, caller.ClientId, end.Token);
        if (subscription is null)
        {
            await Problems.TooManyStreams().ExecuteAsync(httpContext);
            return;
        }
        try
        {
            await BeginAsync(httpContext, end.Token);
            while (subscription is not null && await FollowAsync(httpContext, subscription, end.Token))
            {
                subscription.Dispose();
                subscription = await hub.SubscribeAsync(caller.OperatorId, caller.ClientId, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left or the process stops: the client resumes with the last id it saw.
        }
        finally
        {
            subscription?.Dispose();
            if (_numbersShown > 0) log.CallerNumbersShown(_numbersShown, caller.KeyId, caller.OperatorId);
        }
    }

    private static async Task BeginAsync(HttpContext context, CancellationToken ct)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.Body.WriteAsync("retry: 2000\n: open\n\n"u8.ToArray(), ct);
        await context.Response.Body.FlushAsync(ct);
    }

    /// <returns>True when the stream has fallen behind and must be taken up again.</returns>
    private async Task<bool> FollowAsync(HttpContext context, CallSubscription subscription, CancellationToken ct)
    {
        _position ??= subscription.End;
        while (_position < subscription.Start) await CatchUpAsync(context, subscription.Start, ct);
        var reader = subscription.Events;
        while (true)
        {
            while (reader.TryRead(out var item)) await WriteAsync(context, item, ct);
            await context.Response.Body.FlushAsync(ct);
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
            silence.CancelAfter(Heartbeat);
            try
            {
                if (!await reader.WaitToReadAsync(silence.Token)) return true;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                if (!await IsKeyInForceAsync(context)) return false;
                await context.Response.Body.WriteAsync(": alive\n\n"u8.ToArray(), ct);
            }
        }
    }

    private async Task CatchUpAsync(HttpContext context, ulong to, CancellationToken ct)
    {
        try
        {
            var page = await feed.ReadAsync(_position!.Value, to, caller.OperatorId, caller.ClientId, ct);
            foreach (var item in page.Events) await WriteAsync(context, item, ct);
            await context.Response.Body.FlushAsync(ct);
            // A row that waits for its facts holds the stream back for a moment.
            if (page.Position <= _position && page.Position < to) await Task.Delay(Pause, ct);
            _position = Math.Max(_position.Value, page.Position);
        }
        catch (ClickHouseException e) when (e.IsTransient)
        {
            log.StreamWaits(e.Message);
            await Task.Delay(Pause, ct);
        }
    }

    // id: 42 / event: call / data: {…} / empty line
    private async Task WriteAsync(HttpContext context, CallEvent item, CancellationToken ct)
    {
        if (item.Position <= _position) return;
        _buffer.ResetWrittenCount();
        var head = string.Create(CultureInfo.InvariantCulture, $"id: {item.Position}\nevent: {item.Name}\ndata: ");
        Encoding.ASCII.GetBytes(head, _buffer);
        await using (var json = new Utf8JsonWriter(_buffer, CallJsonWriter.Options))
        {
            CallJsonWriter.Write(json, item.Call, output, numbers);
        }
        _buffer.Write("\n\n"u8);
        await context.Response.Body.WriteAsync(_buffer.WrittenMemory, ct);
        _position = item.Position;
        if (output.ShowsCallerNumbers) _numbersShown++;
    }

    private async Task<bool> IsKeyInForceAsync(HttpContext context)
    {
        try
        {
            var text = ApiKeyText.FromHeader(context.Request.Headers.Authorization);
            return text is not null && await keys.FindAsync(text) is not null;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }
}
