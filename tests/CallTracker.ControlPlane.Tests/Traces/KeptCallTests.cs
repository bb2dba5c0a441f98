using System.Net;
using CallTracker.Contracts.Tracing;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Traces;

/// <summary>/v1/traces/calls: the calls that orders have kept, also those that are up.</summary>
public sealed class KeptCallTests(Stack stack)
{
    [Fact]
    public async Task Calls_AskedFor_AreListedWithThoseInProgressFirst()
    {
        var tenant = await stack.NewTenantAsync();
        await ShipAsync(tenant, "up", TraceCause.Requested, minutesAgo: 30);
        await ShipAsync(tenant, "over", TraceCause.Requested, minutesAgo: 10);
        await ShipAsync(tenant, "bad", TraceCause.Failed, minutesAgo: 5);
        await ShipAsync(tenant, "old", TraceCause.Requested, minutesAgo: 2 * 24 * 60);
        await stack.ShipAsync(tenant.Call("over", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 500_000));

        var answer = (await tenant.Admin.GetAsync("/v1/traces/calls")).Expect(HttpStatusCode.OK);
        var items = answer.Json.GetProperty("items").EnumerateArray().ToArray();
        items.Select(i => (i.GetProperty("trn_id").GetString(), i.GetProperty("in_progress").GetBoolean()))
            .ShouldBe([(tenant.TrnId("up"), true), (tenant.TrnId("over"), false)]);
        items[0].GetProperty("messages").GetInt32().ShouldBe(7);
        items[0].GetProperty("node_id").GetString().ShouldBe("n1");
        (await tenant.Admin.GetAsync($"/v1/calls/{tenant.TrnId("up")}/ladder")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Calls_OfAnotherOperatorOrWithoutTheRight_AreNotShown()
    {
        var tenant = await stack.NewTenantAsync();
        await ShipAsync(tenant, "up", TraceCause.Requested, minutesAgo: 1);
        var other = await stack.NewTenantAsync();
        var answer = (await other.Admin.GetAsync("/v1/traces/calls")).Expect(HttpStatusCode.OK);
        answer.Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        var reader = await tenant.KeyAsync("calls:read");
        (await reader.GetAsync("/v1/traces/calls")).ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
    }

    private Task ShipAsync(Tenant tenant, string call, TraceCause cause, int minutesAgo) => TraceShipment.ShipAsync(
        stack, tenant.OperatorId, tenant.TrnId(call), TraceShipment.Busy(), cause: cause,
        startUs: (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (minutesAgo * 60_000L)) * 1000);
}
