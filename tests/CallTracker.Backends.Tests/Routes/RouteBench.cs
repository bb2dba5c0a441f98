using System.Collections.Concurrent;
using System.Text.Json;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Routes;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Time;
using CallTracker.TestKit.Servers;

namespace CallTracker.Backends.Tests.Routes;

/// <summary>A Redis, a route feed on it, and a control plane that writes routes and tells of them.</summary>
internal sealed class RouteBench : IRouteWaiter, IAsyncDisposable
{
    private RouteBench(RedisServer server, RedisConnection redis, RouteFeedOptions options)
    {
        Server = server;
        Redis = redis;
        Feed = new RouteFeed(redis, this, new SystemClock(), Log, options);
    }

    public static LogSink Log { get; } = new();
    public RedisServer Server { get; }
    public RedisConnection Redis { get; }
    public RouteFeed Feed { get; }
    public ConcurrentQueue<(int Worker, PhoneNumber Number)> Settled { get; } = new();

    public static async Task<RouteBench> StartAsync(RouteFeedOptions? options = null)
    {
        var server = await RedisServer.StartAsync();
        var redis = await RedisConnection.ConnectAsync(
            new RedisOptions { Host = "127.0.0.1", Port = server.Port, CommandTimeoutMs = 1000 }, Log);
        var bench = new RouteBench(server, redis, options ?? new RouteFeedOptions());
        bench.Feed.Start();
        await Eventually.IsTrue(() => bench.Feed.IsReady, "the feed is ready");
        return bench;
    }

    public void OnRouteSettled(int worker, PhoneNumber number) => Settled.Enqueue((worker, number));

    /// <summary>Looks up as a worker does: asks, waits to be told, asks again.</summary>
    public async Task<(RouteLookup Answer, string Target)> FindAsync(string number, int worker = 0)
    {
        var packed = TestCalls.Number(number);
        var answer = RouteLookup.Pending;
        Route? route = null;
        await Eventually.IsTrue(() =>
        {
            answer = Feed.Find(packed, worker, out route);
            return answer != RouteLookup.Pending;
        }, $"an answer for {number}");
        return (answer, route is null ? "" : route.Targets[0].Number.ToString());
    }

    public Task PutRouteAsync(string number, string target, bool isTold = true) => ChangeAsync(
        "SET", RedisKeys.Route(number),
        JsonSerializer.Serialize(RecordOf(number, target), ContractJson.Default.RouteRecord),
        "", "route", number, isTold);

    public Task DeleteRouteAsync(string number) => ChangeAsync("DEL", RedisKeys.Route(number), "", "", "route", number);

    public Task PutTrunkAsync(TrunkRecord trunk) => ChangeAsync(
        "HSET", RedisKeys.Trunks, trunk.TrunkId, JsonSerializer.Serialize(trunk, ContractJson.Default.TrunkRecord),
        "trunk", trunk.TrunkId);

    public static RouteRecord RecordOf(string number, string target) => new()
    {
        DinId = number,
        OperatorId = "op1",
        ClientId = "c1",
        DialinId = "d1",
        Destinations = [new RouteDestination(target, 20)],
    };

    /// <summary>One change as the control plane makes it: data, sequence, stream and message in one script.</summary>
    public Task<string> ChangeAsync(
        string command, string key, string first, string second, string kind, string name, bool isTold = true)
    {
        const string Script = """
            if ARGV[2] ~= '' then redis.call(ARGV[1], KEYS[1], ARGV[2], ARGV[3])
            elseif ARGV[6] ~= '' then redis.call(ARGV[1], KEYS[1], ARGV[6])
            else redis.call(ARGV[1], KEYS[1]) end
            local seq = redis.call('INCR', KEYS[2])
            redis.call('XADD', KEYS[3], seq .. '-0', 'kind', ARGV[4], 'key', ARGV[5])
            if ARGV[7] == '1' then redis.call('PUBLISH', ARGV[8], seq .. ' ' .. ARGV[4] .. ' ' .. ARGV[5]) end
            return seq
            """;
        var (field, value) = second.Length > 0 ? (first, second) : ("", first);
        return Server.CommandAsync(
            "EVAL", Script, "3", key, RedisKeys.ChangeSequence, RedisKeys.ChangeStream,
            command, field, field.Length > 0 ? value : "", kind, name,
            field.Length > 0 ? "" : value, isTold ? "1" : "0", RedisKeys.ChangeChannel);
    }

    public async ValueTask DisposeAsync()
    {
        await Feed.DisposeAsync();
        Redis.Dispose();
        await Server.DisposeAsync();
    }
}
