using System.Text.Json;
using CallTracker.Contracts.Metrics;

namespace CallTracker.Node.Hosting;

/// <summary>The node's HTTP side for SREs: metrics, health, readiness and drain. No call passes here.</summary>
internal static class NodeEndpoints
{
    public static void Map(WebApplication app, NodeHost node, PrometheusText metrics, Action drain)
    {
        app.MapGet("/metrics", () => Results.Text(metrics.Render(), PrometheusText.ContentType));
        app.MapGet("/healthz", () => node.HasFailed ? Results.StatusCode(500) : Results.Text("ok\n"));
        app.MapGet("/readyz", () => Readiness(node));
        var quality = new QualityEndpoint(node.ReadMediaAsync, node.ListMediaAsync);
        app.MapGet("/calls", quality.ListAsync);
        app.MapGet("/calls/{trn_id}/quality", quality.GetAsync);
        app.MapPost("/drain", () =>
        {
            drain();
            return Results.Text("draining\n", statusCode: 202);
        });
    }

    // ClickHouse may be away (the journal keeps records), and so may Redis once routes were read: calls go on.
    private static IResult Readiness(NodeHost node)
    {
        var isReady = !node.IsDraining && !node.HasFailed && node.AreRoutesLoaded && node.IsJournalWritable;
        var parts = new Dictionary<string, bool>(StringComparer.Ordinal)
        {
            ["ready"] = isReady,
            ["draining"] = node.IsDraining,
            ["routes_loaded"] = node.AreRoutesLoaded,
            ["journal_writable"] = node.IsJournalWritable,
            ["redis"] = node.IsRedisReady,
            ["clickhouse_schema"] = node.IsSchemaApplied,
        };
        var json = JsonSerializer.Serialize(parts, NodeJson.Default.DictionaryStringBoolean);
        return Results.Text(json, "application/json", statusCode: isReady ? 200 : 503);
    }
}
