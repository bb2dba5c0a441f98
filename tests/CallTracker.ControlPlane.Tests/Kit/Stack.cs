using System.Buffers;
using CallTracker.Contracts.Calls;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.ControlPlane.Auth;
using CallTracker.ControlPlane.Calls;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;
using CallTracker.TestKit.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

[assembly: AssemblyFixture(typeof(CallTracker.ControlPlane.Tests.Kit.Stack))]

namespace CallTracker.ControlPlane.Tests.Kit;

/// <summary>
/// A control plane on a port of its own with a real Redis and a real embedded ClickHouse. One serves most tests, each
/// with its own operator; tests that stop servers start one for themselves.
/// </summary>
public sealed class Stack : IAsyncLifetime
{
    private const int WaitMsMax = 30_000;
    private readonly string _runDirectory = Directory.CreateTempSubdirectory("calltracker-cp-").FullName;
    private WebApplication? _app;
    private RedisServer? _redis;
    private ClickHouseServer? _clickHouseServer;
    private ClickHouseClient? _clickHouse;

    public RedisServer Redis => _redis!;

    public ClickHouseServer ClickHouseServer => _clickHouseServer!;

    public ClickHouseClient ClickHouse => _clickHouse!;

    public Uri Address => new(_app!.Urls.Single());

    public IServiceProvider Services => _app!.Services;

    /// <summary>Where finished recordings go; null: they stay.</summary>
    internal RecordingBucketOptions? Bucket { get; init; }

    internal CallerNumbers Numbers { get; private set; } = null!;

    internal ControlPlaneOptions Options { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _clickHouseServer = await ClickHouseServer.StartAsync();
        _clickHouse = new ClickHouseClient(new HttpClient(),
            new ClickHouseOptions { Address = _clickHouseServer.Address });
        Options = new ControlPlaneOptions
        {
            RunDirectory = _runDirectory,
            ApiPort = 0,
            Redis = $"127.0.0.1:{_redis.Port}",
            ClickHouse = new ClickHouseOptions { Address = _clickHouseServer.Address, TimeoutSec = 10 },
            StreamsMax = 20,
            RecordingBucket = Bucket,
        };
        Numbers = new CallerNumbers(Options.CallerKeyFile);
        await StartAppAsync();
        await UntilReadyAsync();
    }

    public async Task StartAppAsync()
    {
        _app = ControlPlaneHost.Build(Options);
        await _app.StartAsync();
    }

    public async Task StopAppAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    public Task UntilReadyAsync() => UntilAsync("ready", async () =>
        (await Client(null).GetAsync("/readyz")).Status == System.Net.HttpStatusCode.OK);

    public async ValueTask DisposeAsync()
    {
        await StopAppAsync();
        await _clickHouseServer!.DisposeAsync();
        await _redis!.DisposeAsync();
        Directory.Delete(_runDirectory, recursive: true);
    }

    internal ApiClient Client(string? key) => new(Address, key);

    internal async Task<Tenant> NewTenantAsync()
    {
        var operatorId = await new OperatorStore(Services.GetRequiredService<RedisStore>(), TimeProvider.System)
            .FindOrCreateAsync(Guid.NewGuid().ToString("N"));
        var text = ApiKeyText.Make();
        await Services.GetRequiredService<ApiKeyStore>().AddAsync(new ApiKeyRecord
        {
            KeyId = Identifier.Make(),
            OperatorId = operatorId,
            Name = "test",
            Scopes = Scopes.All,
        }, text);
        return new Tenant(this, operatorId, Client(text));
    }

    /// <summary>Puts finished calls into ClickHouse as a node does.</summary>
    internal async Task ShipAsync(params IReadOnlyList<CallRecord> calls)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new RowBinaryWriter(bytes);
        foreach (var call in calls) CallRecordTable.Write(writer, call);
        await ClickHouse.InsertAsync(CallRecordTable.Name, CallRecordTable.ColumnList, "RowBinary", bytes.WrittenMemory,
            Guid.NewGuid().ToString("N"));
    }

    /// <summary>Ships calls and waits until each has its place in the ledger.</summary>
    internal async Task ShipAndJudgeAsync(params IReadOnlyList<CallRecord> calls)
    {
        await ShipAsync(calls);
        // A test may ship a call twice; it is judged once.
        var known = calls.Select(c => c.TrnId).Distinct().ToArray();
        var ids = string.Join(',', known.Select(id => $"'{id}'"));
        await UntilAsync("judged", async () => await ClickHouseServer.Query(
            $"SELECT count() FROM calltracker.verdicts FINAL WHERE operator_id = '{calls[0].OperatorId}' "
            + $"AND trn_id IN ({ids})")
            == known.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for a condition; fails by name when it does not come true.</summary>
    internal static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(WaitMsMax);
        while (!await condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse($"waited {WaitMsMax} ms in vain: {what}");
            await Task.Delay(20);
        }
    }
}
