using System.Net;
using CallTracker.ClickHouseEmbedded.Engine;
using CallTracker.ClickHouseEmbedded.Http;

namespace CallTracker.ClickHouseEmbedded;

/// <summary>
/// The HTTP server around an open engine: routes, limits, and the way down. On SIGTERM or SIGINT it takes nothing new,
/// lets running statements finish for a while, cancels the rest, and returns.
/// </summary>
internal sealed class Server(ServerOptions options, EngineHost engine) : IDisposable
{
    private const int SweepMs = 10_000;
    private const string Healthy = "Ok.\n";
    private const string NotFound = "There is no such page. Use / for queries, /ping for health\n";
    private readonly CancellationTokenSource _stopping = new();
    private readonly QueryGates _gates = new();
    private readonly SessionTable _sessions = new(engine, TimeProvider.System);

    public async Task RunAsync()
    {
        var formats = new FormatTable(engine);
        var facts = new ServerFacts(Environment.MachineName, engine.TimeZone, engine.Version, formats);
        await using var app = Build(new QueryEndpoint(
            engine, facts, new Authentication(options.Password), _gates, _sessions, _stopping.Token));
        await using var sweeper = new Timer(_ => _sessions.RemoveExpired(), null, SweepMs, SweepMs);
        app.Lifetime.ApplicationStopping.Register(() => _stopping.CancelAfter(ServerLimits.FinishMs));
        await app.StartAsync();
        var addresses = string.Join(' ', app.Urls);
        ServerLog.Write($"started: ClickHouse {engine.Version} at {addresses}, data {options.DataPath}");
        await app.WaitForShutdownAsync();
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _gates.Dispose();
        _stopping.Dispose();
    }

    private WebApplication Build(QueryEndpoint endpoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Bind, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = ServerLimits.ConnectionsMax;
            kestrel.Limits.MaxRequestLineSize = ServerLimits.RequestLineBytesMax;
            // Rows are streamed: a body may be of any size, what is held of it is bounded (ServerLimits).
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromMilliseconds(ServerLimits.FinishMs + ServerLimits.CancelMs));
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        var app = builder.Build();
        app.Run(context => Route(context, endpoint));
        return app;
    }

    private static Task Route(HttpContext context, QueryEndpoint endpoint)
    {
        var method = context.Request.Method;
        var isKnown = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPost(method);
        return (context.Request.Path.Value, isKnown) switch
        {
            (_, false) => Answer(context, HttpStatusCode.MethodNotAllowed, "Use GET, HEAD or POST\n"),
            ("/ping" or "/replicas_status", _) => Answer(context, HttpStatusCode.OK, Healthy),
            ("/", _) => endpoint.HandleAsync(context),
            _ => Answer(context, HttpStatusCode.NotFound, NotFound),
        };
    }

    private static Task Answer(HttpContext context, HttpStatusCode status, string text)
    {
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "text/html; charset=UTF-8";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text);
    }
}
