using CallTracker.Backends.Tests.Support;
using CallTracker.Contracts.Redis;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>seq_num while Redis is there, away, and back with less than it had: no number twice.</summary>
[Collection(ClickHouseFixture.Name)]
public sealed class SequenceNumbersTests(ClickHouseFixture servers)
{
    [Fact]
    public async Task Numbers_WhileRedisIsAway_GoOnAndRedisLearnsThem()
    {
        await using var bench = new ShippingBench(servers);
        bench.Options = bench.Options with { RedisPatienceMs = 300 };
        await bench.StartAsync();
        bench.WriteCalls(10);
        await bench.AllArriveAsync();
        await servers.Redis.KillAsync();
        bench.WriteCalls(10);
        await bench.AllArriveAsync();
        bench.Shipper.IsNumberingOffline.ShouldBeTrue();
        bench.Log.Has(BackendEvent.NumberingOffline).ShouldBeTrue();
        await servers.Redis.RestartAsync();
        await Eventually.IsTrue(() => !bench.Shipper.IsNumberingOffline, "Redis counts again");
        (await servers.Redis.CommandAsync("GET", RedisKeys.CallSequence(bench.Operator))).ShouldContain("\r\n20\r\n");
        bench.WriteCalls(10);
        await bench.AllArriveAsync();
        (await bench.CountAsync()).ShouldBe((30, 30, 30, 1UL, 30UL));
    }

    [Fact]
    public async Task Numbers_AfterRedisLostItsData_AreNotGivenTwice()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        bench.WriteCalls(10);
        await bench.AllArriveAsync();
        await servers.Redis.RestartAsync(withData: false);
        bench.WriteCalls(10);
        await bench.AllArriveAsync();
        (await bench.CountAsync()).ShouldBe((20, 20, 20, 1UL, 20UL));
        // A node that starts with an empty folder knows the highest number from ClickHouse.
        await bench.DieAsync();
        foreach (var file in Directory.GetFiles(bench.Folder)) File.Delete(file);
        await servers.Redis.RestartAsync(withData: false);
        await bench.StartAsync();
        bench.WriteCalls(5);
        await bench.AllArriveAsync();
        (await bench.CountAsync()).ShouldBe((25, 25, 25, 1UL, 25UL));
    }

    [Fact]
    public async Task Numbers_AboveWhatADoubleWritesPlainly_StayExact()
    {
        await using var bench = new ShippingBench(servers);
        await servers.Redis.CommandAsync("SET", RedisKeys.CallSequence(bench.Operator), "123456789012345");
        await bench.StartAsync();
        bench.WriteCalls(2);
        await bench.AllArriveAsync();
        (await bench.CountAsync()).ShouldBe((2, 2, 2, 123456789012346UL, 123456789012347UL));
    }

    [Fact]
    public async Task Numbers_WithRedisPaused_DoNotHoldCallsBack()
    {
        await using var bench = new ShippingBench(servers);
        bench.Options = bench.Options with { RedisPatienceMs = 300 };
        await bench.StartAsync();
        bench.WriteCalls(1);
        await bench.AllArriveAsync();
        servers.Redis.Pause();
        try
        {
            bench.WriteCalls(5);
            await bench.AllArriveAsync(10_000);
        }
        finally
        {
            servers.Redis.Resume();
        }
        await Eventually.IsTrue(() => !bench.Shipper.IsNumberingOffline, "Redis counts again");
        (await bench.CountAsync()).ShouldBe((6, 6, 6, 1UL, 6UL));
    }
}
