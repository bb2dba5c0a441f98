using CallTracker.Contracts.ClickHouse;
using CallTracker.TestKit.Servers;
using Xunit;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>One ClickHouse and one Redis for the shipping tests, which run one after another.</summary>
public sealed class ClickHouseFixture : IAsyncLifetime
{
    public ClickHouseServer ClickHouse { get; private set; } = null!;
    public RedisServer Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ClickHouse = await ClickHouseServer.StartAsync(18310);
        Redis = await RedisServer.StartAsync(18311);
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
