using CallTracker.EndToEnd.Tests.Kit;

namespace CallTracker.EndToEnd.Tests.Ops;

/// <summary>The pages that watchers read: promtool finds nothing to say about the metrics.</summary>
[Collection(ProductCollection.Name)]
public sealed class MetricsTests(Product product)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_OfBothPlanes_PleasePromtool(bool isNode)
    {
        var page = isNode
            ? await product.Http.NodePageAsync("/metrics")
            : await product.Http.ApiPageAsync("/metrics");
        page.ShouldContain("calltracker_");
        var result = await Command.RunAsync(
            "promtool", ["check", "metrics"], new Dictionary<string, string>(StringComparer.Ordinal), input: page);
        result.Code.ShouldBe(0, result.Output);
        result.Output.Trim().ShouldBeEmpty();
    }

    [Fact]
    public async Task Health_OfBothPlanes_IsWell()
    {
        await product.Http.NodePageAsync("/healthz");
        await product.Http.NodePageAsync("/readyz");
        await product.Http.ApiPageAsync("/healthz");
        await product.Http.ApiPageAsync("/readyz");
    }

    [Fact]
    public async Task OpenApi_OfTheControlPlane_NamesTheResources()
    {
        var document = await product.Http.ApiPageAsync("/openapi/v1.json");
        foreach (var path in new[] { "/v1/advertisers", "/v1/numbers", "/v1/trunks", "/v1/calls" })
            document.ShouldContain($"\"{path}\"");
    }
}
