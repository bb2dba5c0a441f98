using System.Globalization;
using System.Text;
using CallTracker.ClickHouseEmbedded.Engine;
using Microsoft.AspNetCore.WebUtilities;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// Where a result goes. The first <see cref="ServerLimits.ResponseHoldBytes"/> are held, so that a statement that fails
/// early still gets its status; then rows flow. With wait_end_of_query=1 all of it is held, the larger part on disk.
/// One task uses it.
/// </summary>
internal sealed class ResponseSink(HttpContext context, ResponseHead head, QueryRequest request) : IAsyncDisposable
{
    private readonly MemoryStream _held = new();
    private FileBufferingWriteStream? _spool;
    private Stream? _out;

    public bool HasStarted => _out is not null;

    /// <summary>False when the result is too long to be held.</summary>
    public async Task<bool> TryWriteAsync(ReadOnlyMemory<byte> rows)
    {
        if (_out is not null)
            await _out.WriteAsync(rows, context.RequestAborted);
        else if (_spool is not null || (request.WaitsForEnd && IsOverHold(rows.Length)))
            return await TrySpoolAsync(rows);
        else if (!IsOverHold(rows.Length))
            _held.Write(rows.Span);
        else
            await (await StartAsync(null)).WriteAsync(rows, context.RequestAborted);
        return true;
    }

    public async Task FinishAsync(EngineResult result)
    {
        if (result.Body.Length > 0)
            await TryWriteAsync(result.Body);
        var output = _out ?? await StartAsync(result);
        await output.FlushAsync(context.RequestAborted);
    }

    /// <summary>A status and a text; when rows are on their way, the text after them and a broken transfer.</summary>
    public async Task FailAsync(EngineError error, string text)
    {
        var response = context.Response;
        if (_out is not null)
        {
            await _out.WriteAsync(Encoding.UTF8.GetBytes("\n" + text), context.RequestAborted);
            await _out.FlushAsync(context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        response.StatusCode = HttpStatus.Of(error.Code);
        response.ContentType = "text/plain; charset=UTF-8";
        response.Headers["X-ClickHouse-Exception-Code"] =
            error.Code.ToString(CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(text);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        // The end of a compressed body; nobody waits for it when the connection is gone.
        var isCompressed = _out is not null && !ReferenceEquals(_out, context.Response.Body);
        if (isCompressed && !context.RequestAborted.IsCancellationRequested)
            await _out!.DisposeAsync();
        if (_spool is not null)
            await _spool.DisposeAsync();
        await _held.DisposeAsync();
    }

    private bool IsOverHold(int more) => _held.Length + more > ServerLimits.ResponseHoldBytes;

    private async Task<bool> TrySpoolAsync(ReadOnlyMemory<byte> rows)
    {
        _spool ??= new FileBufferingWriteStream(
            ServerLimits.ResponseHoldBytes, ServerLimits.ResponseSpoolBytesMax, Path.GetTempPath);
        if (_held.Length + _spool.Length + rows.Length > ServerLimits.ResponseSpoolBytesMax)
            return false;
        await _spool.WriteAsync(rows, context.RequestAborted);
        return true;
    }

    private async Task<Stream> StartAsync(EngineResult? result)
    {
        head.Summarise(result);
        var response = context.Response;
        var accepted = request.MayCompress ? context.Request.Headers.AcceptEncoding.ToString() : string.Empty;
        var coding = ContentCoding.Choose(accepted);
        if (coding is null && result is not null)
            response.ContentLength = _held.Length + (_spool?.Length ?? 0);
        if (coding is not null)
            response.Headers.ContentEncoding = coding;
        _out = coding is null ? response.Body : ContentCoding.Encode(response.Body, coding);
        _held.Position = 0;
        await _held.CopyToAsync(_out, context.RequestAborted);
        if (_spool is not null)
            await _spool.DrainBufferAsync(_out, context.RequestAborted);
        return _out;
    }
}
