using System.Text.Json;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Tests.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Backends.Tracing;
using CallTracker.Contracts;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Tracing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>Orders to keep calls, as a node learns of them from a real Redis.</summary>
[Collection(ClickHouseFixture.Name)]
public sealed class TraceRequestFeedTests(ClickHouseFixture servers)
{
    [Fact]
    public async Task Order_WrittenAndTold_IsKnownWithoutWaitingForThePoll()
    {
        var log = new LogSink();
        using var redis = await RedisConnection.ConnectAsync(
            new RedisOptions { Host = "127.0.0.1", Port = servers.Redis.Port, CommandTimeoutMs = 10_000 }, log);
        await using var feed = new TraceRequestFeed(redis, log);
        await WriteAsync("old");
        feed.Start();
        await Eventually.IsTrue(() => feed.Current.Length == 1, "the order that was there");
        await WriteAsync("new");
        await redis.ExecuteAsync("HSET", [RedisKeys.Traces, "broken", "{"]);
        await redis.ExecuteAsync("PUBLISH", [RedisKeys.ChangeChannel, "7 trace new"]);
        await Eventually.IsTrue(() => feed.Current.Length == 2, "the order that was told", withinMs: 3000);
        feed.Current.Select(r => r.TraceId).ShouldBe(["old", "new"], ignoreOrder: true);
        await redis.ExecuteAsync("DEL", [RedisKeys.Traces]);

        async Task WriteAsync(string id)
        {
            var order = new TraceRequestRecord { TraceId = id, OperatorId = "o", CreatedMs = 1, ExpiresMs = 2 };
            var json = JsonSerializer.Serialize(order, ContractJson.Default.TraceRequestRecord);
            await redis.ExecuteAsync("HSET", [RedisKeys.Traces, id, json]);
        }
    }
}
