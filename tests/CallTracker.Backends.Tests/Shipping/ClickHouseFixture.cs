using CallTracker.Contracts.ClickHouse;
using CallTracker.TestKit.Servers;
using Xunit;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>One ClickHouse and one Redis for the shipping tests, which run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ClickHouseFixture : IAsyncLifetime, ICollectionFixture<ClickHouseFixture>
{
    public const string Name = "ClickHouse and Redis";

    public ClickHouseServer ClickHouse { get; private set; } = null!;
    public RedisServer Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ClickHouse = await ClickHouseServer.StartAsync();
        Redis = await RedisServer.StartAsync();
        await ClickHouseSchema.ApplyAsync(Client());
    }

    public ClickHouseClient Client(HttpMessageHandler? handler = null, int timeoutSec = 10) => new(
        handler is null ? new HttpClient() : new HttpClient(handler),
        new ClickHouseOptions { Address = ClickHouse.Address, TimeoutSec = timeoutSec });

    public async ValueTask DisposeAsync()
    {
        await ClickHouse.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
