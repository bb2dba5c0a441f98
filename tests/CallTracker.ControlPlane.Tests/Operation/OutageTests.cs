using System.Net;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Tests.Judgement;
using CallTracker.ControlPlane.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Operation;

/// <summary>Redis or ClickHouse away, restarts in any order: clear refusals, then recovery without help.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly Stack _stack = new();

    public ValueTask InitializeAsync() => _stack.InitializeAsync();

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    [Fact]
    public async Task ClickHouse_Away_CallsAre503AndProvisioningGoesOn()
    {
        var tenant = await (await _stack.NewTenantAsync()).WithAdvertiserAsync();
        await _stack.ShipAndJudgeAsync(tenant.Call("a", History.StartMs));
        await _stack.ClickHouseServer.StopAsync();

        foreach (var path in (string[])["/v1/calls", "/v1/calls?format=csv", "/v1/calls/" + tenant.TrnId("a"),
            "/v1/calls/stream"])
        {
            var refusal = await tenant.Admin.GetAsync(path);
            refusal.ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            refusal.Response.Headers.RetryAfter.ShouldNotBeNull();
        }
        (await tenant.Admin.PostAsync("/v1/numbers",
                Tenant.NumberJson(Tenant.NextNumber())))
            .Expect(HttpStatusCode.Created);
        await UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable);

        await _stack.ClickHouseServer.RestartAsync();
        await UntilReadyIsAsync(HttpStatusCode.OK);
        await _stack.ShipAndJudgeAsync(tenant.Call("b", History.StartMs + 1000));
        var calls = (await tenant.Admin.GetAsync("/v1/calls")).Expect(HttpStatusCode.OK).Json.GetProperty("calls");
        calls.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Redis_Away_RequestsAre503AndComeBack()
    {
        var tenant = await (await _stack.NewTenantAsync()).WithAdvertiserAsync();
        await _stack.Redis.KillAsync();
        await Stack.UntilAsync("refused", async () =>
            (await tenant.Admin.GetAsync("/v1/numbers")).Status == HttpStatusCode.ServiceUnavailable);
        (await tenant.Admin.GetAsync("/v1/advertisers"))
            .ExpectProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        (await _stack.Client(null).GetAsync("/healthz")).Expect(HttpStatusCode.OK);
        await UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable);

        await _stack.Redis.RestartAsync();
        await UntilReadyIsAsync(HttpStatusCode.OK);
        await Stack.UntilAsync("served", async () =>
            (await tenant.Admin.GetAsync("/v1/advertisers/c1")).Status == HttpStatusCode.OK);
        await _stack.ShipAndJudgeAsync(tenant.Call("a", History.StartMs));
    }

    [Fact]
    public async Task Redis_Hanging_RequestsEndIn503InTime()
    {
        var tenant = await _stack.NewTenantAsync();
        _stack.Redis.Pause();
        try
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await Stack.UntilAsync("refused", async () =>
                (await tenant.Admin.GetAsync("/v1/numbers")).Status == HttpStatusCode.ServiceUnavailable);
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        }
        finally
        {
            _stack.Redis.Resume();
        }
        await Stack.UntilAsync("served", async () =>
            (await tenant.Admin.GetAsync("/v1/numbers")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task App_StartedBeforeItsServers_ComesUpAndRecovers()
    {
        var tenant = await _stack.NewTenantAsync();
        await _stack.StopAppAsync();
        await _stack.Redis.KillAsync();
        await _stack.ClickHouseServer.StopAsync();

        await _stack.StartAppAsync();
        (await _stack.Client(null).GetAsync("/healthz")).Expect(HttpStatusCode.OK);
        (await _stack.Client(null).GetAsync("/readyz")).Expect(HttpStatusCode.ServiceUnavailable).Text
            .ShouldBe("""{"ready":false,"redis":false,"clickhouse":false,"schema":false}""");

        await _stack.ClickHouseServer.RestartAsync();
        await _stack.Redis.RestartAsync();
        await UntilReadyIsAsync(HttpStatusCode.OK);
        (await _stack.Client(tenant.Admin.Key).GetAsync("/v1/numbers")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Judge_StoppedWhileCallsArrive_JudgesThemWhenItIsBack()
    {
        var history = new History(_stack, await _stack.NewTenantAsync());
        await history.ShipAsync(history.Call("a", 0, 40));
        await _stack.StopAppAsync();
        await _stack.ShipAsync(history.Call("b", 0.1, 40), history.Call("z", -0.1, 40));
        await _stack.StartAppAsync();
        await Stack.UntilAsync("judged", async () => (await history.VerdictsAsync()).Count == 3);
        await history.ShouldBecomeAsync("z valid", "a duplicate z", "b duplicate z");
    }

    [Fact]
    public async Task Judge_ClickHouseKilledAgainAndAgain_EachCallIsJudgedOnce()
    {
        var history = new History(_stack, await _stack.NewTenantAsync());
        const int Rounds = 4;
        for (var round = 0; round < Rounds; round++)
        {
            var calls = Enumerable.Range(0, 50).Select(i =>
                history.Call($"x{round}{i:D2}", -round, i % 3, $"0901111{i:D4}"));
            await _stack.ShipAsync([.. calls]);
            // The judge is at some step of its round, another one each time.
            await Task.Delay(200 * round);
            await _stack.ClickHouseServer.KillAsync();
            await _stack.ClickHouseServer.RestartAsync();
        }
        await Stack.UntilAsync("judged", async () => (await history.VerdictsAsync()).Count == Rounds * 50);
        await history.LedgerShouldSumUpAsync();
        (await _stack.ClickHouseServer.Query(
            "SELECT count(), uniqExact(trn_id) FROM calltracker.judge_ledger WHERE event = 'call'"))
            .ShouldBe("200\t200");
    }

    [Fact]
    public async Task SecondInstance_WhenTheFirstStops_JudgesAndItsStreamsNeverStopped()
    {
        var tenant = await _stack.NewTenantAsync();
        await using var second = ControlPlaneHost.Build(_stack.Options);
        await second.StartAsync();
        var client = new ApiClient(new Uri(second.Urls.Single()), tenant.Admin.Key);
        await Stack.UntilAsync("ready", async () => (await client.GetAsync("/readyz")).Status == HttpStatusCode.OK);
        using var events = await client.StreamAsync("/v1/calls/stream");
        await _stack.ShipAndJudgeAsync(tenant.Call("a", History.StartMs));
        Tenant.NameOf((await events.NextAsync())!.TrnId).ShouldBe("a");

        await _stack.StopAppAsync();

        await _stack.ShipAndJudgeAsync(tenant.Call("b", History.StartMs + 1));
        var next = (await events.NextAsync())!;
        (Tenant.NameOf(next.TrnId), next.ValidRes).ShouldBe(("b", "無効(重複)"));
        await _stack.StartAppAsync();
    }

    [Fact]
    public async Task Streams_MoreThanAllowed_AreRefusedUntilOneEnds()
    {
        var tenant = await _stack.NewTenantAsync();
        var open = new List<EventReader>();
        while (open.Count < _stack.Options.StreamsMax) open.Add(await tenant.Admin.StreamAsync("/v1/calls/stream"));
        var refused = await tenant.Admin.GetAsync("/v1/calls/stream");
        refused.ExpectProblem(HttpStatusCode.ServiceUnavailable, "streams_exhausted");
        refused.Response.Headers.RetryAfter.ShouldNotBeNull();
        open[0].Dispose();
        EventReader? again = null;
        await Stack.UntilAsync("a place is free", async () =>
        {
            try
            {
                again = await tenant.Admin.StreamAsync("/v1/calls/stream");
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        foreach (var stream in open.Append(again!)) stream.Dispose();
    }

    private Task UntilReadyIsAsync(HttpStatusCode status) => Stack.UntilAsync($"readyz is {status}", async () =>
        (await _stack.Client(null).GetAsync("/readyz")).Status == status);
}
