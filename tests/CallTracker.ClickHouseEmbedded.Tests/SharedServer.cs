using CallTracker.TestKit.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(CallTracker.ClickHouseEmbedded.Tests.SharedServer))]

namespace CallTracker.ClickHouseEmbedded.Tests;

/// <summary>
/// One running server for all tests that neither stop it nor change what others see: each test that writes has a
/// database of its own.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    private static int _databases;

    public ClickHouseServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ClickHouseServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>A fresh database's name.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await Server.Query($"CREATE DATABASE {name}");
        return name;
    }
}
