using System.Net;
using CallTracker.ControlPlane.Tests.Kit;
using CallTracker.ControlPlane.Tests.Metrics;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Operation;

/// <summary>What SREs and API users look at: health, metrics, the API's description.</summary>
public sealed class OperationTests(Stack stack)
{
    [Fact]
    public async Task Health_WhenAllIsThere_IsReady()
    {
        var client = stack.Client(null);
        (await client.GetAsync("/healthz")).Expect(HttpStatusCode.OK);
        (await client.GetAsync("/readyz")).Expect(HttpStatusCode.OK).Text
            .ShouldBe("""{"ready":true,"redis":true,"clickhouse":true,"schema":true}""");
    }

    [Fact]
    public async Task Metrics_AfterRequests_PassPromtool()
    {
        var tenant = await stack.NewTenantAsync();
        await tenant.Admin.GetAsync("/v1/numbers/0120000000");
        var text = (await stack.Client(null).GetAsync("/metrics")).Expect(HttpStatusCode.OK).Text;
        var (exitCode, output) = await Promtool.CheckAsync(text);
        output.ShouldBe("");
        exitCode.ShouldBe(0);
        text.ShouldContain(
            """calltracker_http_requests_total{method="GET",route="/v1/numbers/{dialin_id}",status="404"}""");
        // A sum of seconds may have these digits behind its point.
        text.ShouldNotMatch("(?<![.0-9])0120000000");
        foreach (var name in (string[])
            ["calltracker_redis_up 1", "calltracker_clickhouse_up 1", "calltracker_judgement_lag_seconds",
             "calltracker_judgement_active 1", "calltracker_gc_collections_total", "calltracker_call_streams"])
        {
            text.ShouldContain(name);
        }
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryPathWithItsScope()
    {
        var document = (await stack.Client(null).GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json;
        var paths = document.GetProperty("paths");
        foreach (var path in (string[])
            ["/v1/advertisers", "/v1/advertisers/{client_id}", "/v1/numbers", "/v1/numbers/{dialin_id}", "/v1/trunks",
             "/v1/trunks/{trunk_id}", "/v1/api-keys", "/v1/calls", "/v1/calls/{trn_id}", "/v1/calls/stream",
             "/v1/judgement-rules", "/v1/judgement-rules/{rule_id}"])
        {
            foreach (var operation in paths.GetProperty(path).EnumerateObject())
            {
                operation.Value.GetProperty("description").GetString()!.ShouldContain("Scope: ");
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
                operation.Value.GetProperty("responses").TryGetProperty("401", out _).ShouldBeTrue();
            }
        }
        var body = paths.GetProperty("/v1/numbers").GetProperty("post").GetProperty("requestBody").ToString();
        body.ShouldContain("NumberBody");
        document.ToString().ShouldContain("\"fwd_id\"");
    }
}
