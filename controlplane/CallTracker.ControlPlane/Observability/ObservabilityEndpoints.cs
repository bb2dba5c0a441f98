using CallTracker.Contracts.Metrics;

namespace CallTracker.ControlPlane.Observability;

/// <summary>/healthz, /readyz and /metrics: open to all who reach the port, and without secrets. Stateless.</summary>
internal static class ObservabilityEndpoints
{
    public static void MapObservability(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok\n")).WithTags("Operation")
            .WithSummary("Alive").WithDescription("200 while the process answers.");
        routes.MapGet("/readyz", ReadyAsync).WithTags("Operation").Produces<ReadinessReport>()
            .WithSummary("Ready")
            .WithDescription("200 when Redis and ClickHouse answer and the schema is in place, else 503.");
        routes.MapGet("/metrics", MetricsAsync).WithTags("Operation")
            .WithSummary("Metrics").WithDescription("Prometheus text format 0.0.4.");
    }

    private static async Task<IResult> ReadyAsync(HttpContext context, ReadinessProbe probe)
    {
        var report = await probe.LookAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        var status = report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Results.Json(report, ApiJson.Wire.ReadinessReport, statusCode: status);
    }

    // The states of the backends are looked up anew, so that a scrape is never older than the last change.
    private static async Task<IResult> MetricsAsync(
        HttpContext context, PrometheusText metrics, ReadinessProbe probe)
    {
        await probe.LookAsync(context.RequestAborted);
        return Results.Text(metrics.Render(), PrometheusText.ContentType);
    }
}
