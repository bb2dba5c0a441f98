using System.Net;
using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Redis;
using CallTracker.ControlPlane.Store;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Recordings;

/// <summary>
/// /v1/calls/{trn_id}/recording/pause and its like, with a node that the test plays over the real Redis.
/// </summary>
public sealed class RecordingOrderTests(Stack stack) : IAsyncDisposable
{
    private readonly RedisStore _redis = new($"127.0.0.1:{stack.Redis.Port}");

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Theory]
    [InlineData("pause", RecordingAction.Pause)]
    [InlineData("resume", RecordingAction.Resume)]
    [InlineData("consent", RecordingAction.Consent)]
    public async Task Order_ThatTheNodeCarriesOut_ShowsHowItStands(string path, RecordingAction action)
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = tenant.TrnId("up");
        var seen = await PlayNodeAsync(trnId, RecordingOrderResult.Done, isPaused: true, hasConsent: true);
        var answer = await PostAsync(tenant.Admin, trnId, path);
        answer.Expect(HttpStatusCode.OK);
        (answer["trn_id"], answer["changed"], answer["paused"], answer["consented"])
            .ShouldBe((trnId, "True", "True", "True"));
        var order = seen.ShouldHaveSingleItem();
        (order.TrnId, order.OperatorId, order.ClientId, order.Action)
            .ShouldBe((trnId, tenant.OperatorId, null, action));
    }

    [Theory]
    [InlineData(RecordingOrderResult.NotAnswered, HttpStatusCode.Conflict, "call_not_answered")]
    [InlineData(RecordingOrderResult.NotRecorded, HttpStatusCode.Conflict, "recording_none")]
    [InlineData(RecordingOrderResult.Failed, HttpStatusCode.Conflict, "recording_failed")]
    [InlineData(RecordingOrderResult.Busy, HttpStatusCode.ServiceUnavailable, "unavailable")]
    [InlineData(RecordingOrderResult.Absent, HttpStatusCode.NotFound, "not_found")]
    public async Task Order_ThatTheNodeRefuses_SaysWhy(
        RecordingOrderResult result, HttpStatusCode status, string code)
    {
        var tenant = await stack.NewTenantAsync();
        await PlayNodeAsync(tenant.TrnId("up"), result);
        (await PostAsync(tenant.Admin, tenant.TrnId("up"), "pause")).ExpectProblem(status, code);
    }

    [Fact]
    public async Task Order_GivenAgain_IsOkAndChangesNothing()
    {
        var tenant = await stack.NewTenantAsync();
        await PlayNodeAsync(tenant.TrnId("up"), RecordingOrderResult.Unchanged, isPaused: true);
        var answer = (await PostAsync(tenant.Admin, tenant.TrnId("up"), "pause")).Expect(HttpStatusCode.OK);
        (answer["changed"], answer["paused"]).ShouldBe(("False", "True"));
    }

    [Fact]
    public async Task Order_ForACallThatIsOver_SaysThatItIs()
    {
        var tenant = await stack.NewTenantAsync();
        var trnId = await RecordingShipment.ShipAsync(stack, tenant, "over");
        await PlayNodeAsync(trnId, RecordingOrderResult.Absent);
        (await PostAsync(tenant.Admin, trnId, "pause")).ExpectProblem(HttpStatusCode.Conflict, "call_ended");
        var other = await stack.NewTenantAsync();
        (await PostAsync(other.Admin, trnId, "pause")).ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Order_ThatNoNodeAnswers_IsNotFoundInTime()
    {
        var tenant = await stack.NewTenantAsync();
        // A node that has other calls listens, and leaves this order alone.
        await PlayNodeAsync("another", RecordingOrderResult.Done);
        (await PostAsync(tenant.Admin, tenant.TrnId("gone"), "pause"))
            .ExpectProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Order_OfAKeyOfOneAdvertiser_NamesItAndNeedsTheScope()
    {
        var tenant = await (await stack.NewTenantAsync()).WithAdvertiserAsync();
        var seen = await PlayNodeAsync(tenant.TrnId("up"), RecordingOrderResult.Done);
        (await PostAsync(await tenant.KeyAsync("recordings:control", "c1"), tenant.TrnId("up"), "pause"))
            .Expect(HttpStatusCode.OK);
        seen.ShouldHaveSingleItem().ClientId.ShouldBe("c1");
        (await PostAsync(await tenant.KeyAsync("recordings:read recordings:delete"), tenant.TrnId("up"), "pause"))
            .ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        // Whoever may pause may not listen for that.
        (await (await tenant.KeyAsync("recordings:control")).GetAsync($"/v1/calls/{tenant.TrnId("up")}/recording"))
            .ExpectProblem(HttpStatusCode.Forbidden, "scope_missing");
        (await PostAsync(tenant.Admin, "..%2Fx", "pause")).Status.ShouldBe(HttpStatusCode.NotFound);
        seen.Count.ShouldBe(1);
    }

    private static Task<Answer> PostAsync(ApiClient client, string trnId, string what) =>
        client.SendAsync(HttpMethod.Post, $"/v1/calls/{trnId}/recording/{what}", null);

    // Answers the orders for one call; the orders it saw.
    private async Task<IReadOnlyList<RecordingOrderRecord>> PlayNodeAsync(
        string trnId, RecordingOrderResult result, bool isPaused = false, bool hasConsent = false)
    {
        var seen = new List<RecordingOrderRecord>();
        await _redis.SubscribeAsync(RedisKeys.RecordingOrders, text =>
        {
            var order = JsonSerializer.Deserialize(text, ContractJson.Default.RecordingOrderRecord)!;
            if (order.TrnId != trnId) return;
            seen.Add(order);
            var answer = new RecordingAnswerRecord
            {
                OrderId = order.OrderId,
                Result = result,
                IsPaused = isPaused,
                HasConsent = hasConsent,
            };
            _ = _redis.PublishAsync(
                RedisKeys.RecordingAnswers,
                JsonSerializer.Serialize(answer, ContractJson.Default.RecordingAnswerRecord));
        });
        return seen;
    }
}
