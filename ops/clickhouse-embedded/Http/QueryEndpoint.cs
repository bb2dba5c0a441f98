using CallTracker.ClickHouseEmbedded.Engine;
using CallTracker.ClickHouseEmbedded.Sql;

namespace CallTracker.ClickHouseEmbedded.Http;

/// <summary>
/// One statement over HTTP, from the request to its last byte. The steps are numbered as in README. Stateless: what
/// lasts is in the server's tables.
/// </summary>
internal sealed class QueryEndpoint(
    EngineHost engine, ServerFacts facts, Authentication authentication, QueryGates gates, SessionTable sessions,
    CancellationToken stopping)
{
    private const string Greeting = "Ok.\n";

    public async Task HandleAsync(HttpContext context)
    {
        var head = new ResponseHead(context.Response, facts);
        // :: Step H1
        var isUnderstood = QueryRequest.TryRead(context.Request, out var request, out var error);
        head.Describe(request);
        await using var sink = new ResponseSink(context, head, request);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            // :: Step H2
            if (!authentication.Accepts(context.Request))
                error = EngineErrors.AuthenticationFailed;
            else if (isUnderstood)
                error = await RunAsync(context, request, head, sink, cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            error = EngineErrors.Cancelled;
        }
        catch (InvalidDataException)
        {
            error = EngineErrors.BrokenBody;
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            error = EngineErrors.Cancelled;
        }

        if (error is not null)
            await RefuseAsync(context, request, head, sink, error);
    }

    private async Task<EngineError?> RunAsync(
        HttpContext context, QueryRequest request, ResponseHead head, ResponseSink sink, CancellationToken cancellation)
    {
        if (request.CompressesNatively || request.DecompressesNatively)
            return EngineErrors.NativeFraming;
        var coding = context.Request.Headers.ContentEncoding.ToString();
        if (ContentCoding.Decode(context.Request.Body, coding) is not { } body)
            return EngineErrors.UnknownCompression(ServerLog.Escape(coding));

        // :: Step H3
        var text = new QueryText(body);
        if (!await text.TryReadAsync(request.Text, cancellation))
            return EngineErrors.TextTooLarge;
        if (text.IsEmpty)
            return await GreetAsync(context);
        if (FindRefused(text.Shape.Kind) is { } refused)
            return refused;

        // :: Step H4
        var gate = gates.For(text.Shape.Kind);
        if (!await gate.TryEnterAsync(cancellation))
            return EngineErrors.TooMany;
        try
        {
            return await RunInSessionAsync(request, head, sink, text, cancellation);
        }
        finally
        {
            gate.Leave();
        }
    }

    private async Task<EngineError?> RunInSessionAsync(
        QueryRequest request, ResponseHead head, ResponseSink sink, QueryText text, CancellationToken cancellation)
    {
        if (request.SessionId is not { Length: > 0 } id)
            return await RunStatementAsync(request, head, sink, text, null, cancellation);
        if (sessions.TryTake(id, request.SessionTimeoutSec, request.SessionMustExist, out var error) is not { } session)
            return error;
        try
        {
            return await RunStatementAsync(request, head, sink, text, session, cancellation);
        }
        finally
        {
            sessions.Return(id, session);
        }
    }

    private async Task<EngineError?> RunStatementAsync(
        QueryRequest request, ResponseHead head, ResponseSink sink, QueryText text, Session? session,
        CancellationToken cancellation)
    {
        var settings = request.Settings with { BringsRows = text.Shape.Kind == StatementKind.InsertRows };
        var run = new QueryRun(engine, settings, session);
        using var parameters = new QueryParameters(request.Parameters);
        head.DescribeFormat(text.Shape.Format is { } format && !text.StreamsRows ? format : request.DefaultFormat);

        // :: Step H5
        if (text.StreamsRows)
            return await new InsertExchange(run, text, parameters).RunAsync(sink, cancellation);
        using var exchange = new TextExchange(run, text.Statement, request.DefaultFormat, parameters, stopping);
        return await exchange.RunAsync(sink, cancellation);
    }

    private static EngineError? FindRefused(StatementKind kind) => kind switch
    {
        StatementKind.Outfile => EngineErrors.Outfile,
        StatementKind.InsertInfile => EngineErrors.Infile,
        StatementKind.InsertInput => EngineErrors.Input,
        _ => null,
    };

    private static async Task<EngineError?> GreetAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=UTF-8";
        await context.Response.WriteAsync(Greeting, context.RequestAborted);
        return null;
    }

    private async Task RefuseAsync(
        HttpContext context, QueryRequest request, ResponseHead head, ResponseSink sink, EngineError error)
    {
        ServerLog.Write(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"query failed id={request.QueryId} code={error.Code} {error.Name} after {head.ElapsedMs:0} ms"));
        if (context.RequestAborted.IsCancellationRequested)
            return;
        await sink.FailAsync(error, $"{error} (version {facts.Version})\n");
    }
}
