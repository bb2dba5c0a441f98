using System.Net;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Tracing;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Traces;

/// <summary>/v1/traces: orders to keep calls, as nodes read them.</summary>
public sealed class TraceRequestTests(Stack stack)
{
    [Fact]
    public async Task Post_NumberAndCaller_IsWrittenForTheNodesWithoutTheCallersNumber()
    {
        var tenant = await stack.NewTenantAsync();
        var answer = (await tenant.Admin.PostAsync("/v1/traces",
            """{"din_id":"+81 120-000-001","caller":"090-1111-2222","minutes":30,"note":"苦情 12"}"""))
            .Expect(HttpStatusCode.Created);
        (answer["din_id"], answer["caller"], answer["note"]).ShouldBe(("0120000001", "09011112222", "苦情 12"));
        var text = (await stack.Redis.CommandAsync("HGET", "ct:traces", answer["trace_id"])).Split("\r\n")[1];
        text.ShouldNotContain("09011112222");
        var record = JsonSerializer.Deserialize(text, ContractJson.Default.TraceRequestRecord)!;
        var inTime = record.CreatedMs + 1;
        record.Matches(tenant.OperatorId, "0120000001", stack.Numbers.Key("09011112222"), inTime).ShouldBeTrue();
        record.Matches(tenant.OperatorId, "0120000001", stack.Numbers.Key("09011113333"), inTime).ShouldBeFalse();
        record.Matches(tenant.OperatorId, "0120000002", stack.Numbers.Key("09011112222"), inTime).ShouldBeFalse();
        record.Matches("other", "0120000001", stack.Numbers.Key("09011112222"), inTime).ShouldBeFalse();
        record.Matches(tenant.OperatorId, "0120000001", stack.Numbers.Key("09011112222"), record.ExpiresMs)
            .ShouldBeFalse();
        (record.ExpiresMs - record.CreatedMs).ShouldBe(30 * 60_000);
        (await stack.Redis.CommandAsync("XRANGE", "ct:changes", $"{record.Version}-0", $"{record.Version}-0"))
            .ShouldContain("trace");
    }

    [Theory]
    [InlineData("""{}""", 422, "/din_id")]
    [InlineData("""{"minutes":10}""", 422, "/din_id")]
    [InlineData("""{"din_id":"abc"}""", 422, "/din_id")]
    [InlineData("""{"caller":"-"}""", 422, "/caller")]
    [InlineData("""{"din_id":"0120000001","minutes":0}""", 422, "/minutes")]
    [InlineData("""{"din_id":"0120000001","minutes":10081}""", 422, "/minutes")]
    [InlineData("""{"din_id":"0120000001","media":true}""", 400, "/media")]
    public async Task Post_BadOrder_IsRefusedWithPointer(string json, int status, string pointer)
    {
        var tenant = await stack.NewTenantAsync();
        (await tenant.Admin.PostAsync("/v1/traces", json))
            .ExpectProblem((HttpStatusCode)status, status == 422 ? "invalid" : "malformed")
            .Pointers.ShouldContain(pointer);
    }

    [Fact]
    public async Task Orders_OfAnOperator_AreListedAndEndedByItAlone()
    {
        var tenant = await stack.NewTenantAsync();
        var other = await stack.NewTenantAsync();
        var made = await tenant.Admin.PostAsync("/v1/traces", """{"caller":"09011112222"}""");
        var path = "/v1/traces/" + made.Expect(HttpStatusCode.Created)["trace_id"];
        Items(await other.Admin.GetAsync("/v1/traces")).ShouldBeEmpty();
        (await other.Admin.DeleteAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
        var reader = await tenant.KeyAsync("traces:read");
        Items(await reader.GetAsync("/v1/traces")).Single().GetProperty("caller").GetString().ShouldBe("***");
        Items(await tenant.Admin.GetAsync("/v1/traces")).Single().GetProperty("caller").GetString()
            .ShouldBe("09011112222");
        (await reader.DeleteAsync(path)).ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        (await tenant.Admin.DeleteAsync(path)).Expect(HttpStatusCode.NoContent);
        (await tenant.Admin.DeleteAsync(path)).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Orders_Expired_AreNotListedAndGoWithTheNextOne()
    {
        var tenant = await stack.NewTenantAsync();
        var old = new TraceRequestRecord
        {
            TraceId = "old-" + tenant.OperatorId,
            OperatorId = tenant.OperatorId,
            DinId = "0120000001",
            CreatedMs = 1,
            ExpiresMs = 2,
        };
        await stack.Redis.CommandAsync("HSET", "ct:traces", old.TraceId,
            JsonSerializer.Serialize(old, ContractJson.Default.TraceRequestRecord));
        Items(await tenant.Admin.GetAsync("/v1/traces")).ShouldBeEmpty();
        (await tenant.Admin.PostAsync("/v1/traces", """{"din_id":"0120000001"}""")).Expect(HttpStatusCode.Created);
        (await stack.Redis.CommandAsync("HEXISTS", "ct:traces", old.TraceId)).ShouldContain("0");
        Items(await tenant.Admin.GetAsync("/v1/traces")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Orders_BeyondTheBoundOfAnOperator_AreRefused()
    {
        var tenant = await stack.NewTenantAsync();
        for (var i = 0; i < 100; i++)
            (await tenant.Admin.PostAsync("/v1/traces", """{"din_id":"0120000001"}""")).Expect(HttpStatusCode.Created);
        (await tenant.Admin.PostAsync("/v1/traces", """{"din_id":"0120000001"}"""))
            .ExpectProblem(HttpStatusCode.Conflict, "too_many");
    }

    private static List<JsonElement> Items(Answer answer) =>
        [.. answer.Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()];
}
