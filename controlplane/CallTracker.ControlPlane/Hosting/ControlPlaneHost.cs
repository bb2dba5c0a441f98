using System.Text.Json;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Metrics;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.ApiKeys;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Calls;
using CallTracker.ControlPlane.Calls.Live;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Judgement;
using CallTracker.ControlPlane.Judgement.Rules;
using CallTracker.ControlPlane.Numbers;
using CallTracker.ControlPlane.Observability;
using CallTracker.ControlPlane.Recordings;
using CallTracker.ControlPlane.Store;
using CallTracker.ControlPlane.Traces;
using CallTracker.ControlPlane.Trunks;

namespace CallTracker.ControlPlane.Hosting;

/// <summary>
/// Puts the control plane together: services, the pipeline of a request, the endpoints. Used once at start.
/// </summary>
internal static class ControlPlaneHost
{
    private const int StopSecMax = 10;

    public static WebApplication Build(ControlPlaneOptions options)
    {
        Directory.CreateDirectory(options.RunDirectory);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Bind, options.ApiPort);
            kestrel.AddServerHeader = false;
            // The second net: JsonBody refuses with a problem document before this limit is met.
            kestrel.Limits.MaxRequestBodySize = 2 * JsonBody.LengthMax;
        });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) =
                (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ "));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(StopSecMax));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolver = ApiJson.Default;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        });
        AddServices(builder.Services, options);
        var app = builder.Build();
        // Counters count only while somebody listens, so the listener is there before the first request.
        _ = app.Services.GetRequiredService<PrometheusText>();
        _ = app.Services.GetRequiredService<RuntimeMetrics>();
        UsePipeline(app);
        MapEndpoints(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new RedisStore(options.Redis));
        services.AddSingleton(_ => new ClickHouseClient(new HttpClient(), options.ClickHouse));
        services.AddSingleton<ApiKeyCache>().AddSingleton<ApiKeyStore>();
        services.AddSingleton<AdvertiserStore>().AddSingleton<RouteRenamer>();
        services.AddSingleton<NumberStore>().AddSingleton<TrunkStore>();
        services.AddSingleton(_ => TrunkSecretCipher.OpenOrCreate(options.CallerKeyFile));
        services.AddSingleton(_ => new CallerNumbers(options.CallerKeyFile));
        services.AddSingleton<CallLog>().AddSingleton<CallFeed>().AddSingleton<LedgerSignal>();
        services.AddSingleton<CallHub>().AddHostedService(s => s.GetRequiredService<CallHub>());
        services.AddSingleton(_ => new TraceSeals(options.CallerKeyFile));
        services.AddSingleton<LadderStore>().AddSingleton<TraceRequestStore>();
        services.AddSingleton(_ => new RecordingShelf(options));
        services.AddSingleton(s => new RecordingStore(
            s.GetRequiredService<RecordingShelf>(), options.CallerKeyFile, s.GetRequiredService<ClickHouseClient>(),
            s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RecordingOrders>().AddSingleton<RecordingRetention>();
        services.AddHostedService(s => s.GetRequiredService<RecordingRetention>());
        AddJudgement(services);
        services.AddSingleton<PrometheusText>(_ => new PrometheusText()).AddSingleton<RuntimeMetrics>();
        services.AddSingleton<HttpMetrics>().AddSingleton<ReadinessProbe>().AddSingleton<SchemaState>();
        services.AddHostedService<SchemaService>().AddHostedService<RenameService>();
        services.AddOpenApi("v1", OpenApiDocumentation.Configure);
    }

    private static void AddJudgement(IServiceCollection services)
    {
        services.AddSingleton<RuleStore>().AddSingleton<RuleMirror>().AddSingleton<RuleWork>();
        services.AddSingleton<JudgeLease>().AddSingleton<JudgeMetrics>();
        services.AddSingleton<ArrivalWindow>().AddSingleton<VerdictTables>();
        services.AddSingleton<LedgerWriter>().AddSingleton<Judge>();
        services.AddHostedService<JudgeService>();
    }

    // From the outside in: an id for the request, its time, its failures, its bare statuses, its route, its key.
    private static void UsePipeline(WebApplication app)
    {
        app.Use(RequestId.StampAsync);
        app.UseMiddleware<HttpMeasurement>();
        app.UseMiddleware<FaultBarrier>();
        app.UseStatusCodePages(page =>
            Problems.OfStatus(page.HttpContext.Response.StatusCode).ExecuteAsync(page.HttpContext));
        app.UseRouting();
        app.UseMiddleware<ApiKeyGate>();
    }

    private static void MapEndpoints(WebApplication app)
    {
        app.MapAdvertisers();
        app.MapNumbers();
        app.MapTrunks();
        app.MapApiKeys();
        app.MapCalls();
        app.MapLadders();
        app.MapRecordings();
        app.MapRecordingOrders();
        app.MapTraces();
        app.MapJudgementRules();
        app.MapObservability();
        app.MapOpenApi("/openapi/{documentName}.json");
    }
}
