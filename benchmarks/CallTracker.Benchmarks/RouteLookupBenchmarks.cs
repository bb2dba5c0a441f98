using BenchmarkDotNet.Attributes;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Routes;
using CallTracker.Benchmarks.Kit;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;

namespace CallTracker.Benchmarks;

/// <summary>A known number among 100,000, looked up by a worker; Redis is not asked and need not be there.</summary>
public class RouteLookupBenchmarks
{
    private const int Count = 100_000;
    private const long First = 120_000_000;
    private RedisConnection? _redis;
    private RouteFeed? _feed;
    private PhoneNumber[] _numbers = [];
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var options = new RedisOptions { Host = "127.0.0.1", Port = 1, ConnectTimeoutMs = 100 };
        // The toolchain that runs in this process does not wait for a task.
        _redis = RedisConnection.ConnectAsync(options, new NullLog()).GetAwaiter().GetResult();
        _feed = new RouteFeed(_redis, new NullWaiter(), new SystemClock(), new NullLog());
        _numbers = new PhoneNumber[Count];
        for (var i = 0; i < Count; i++)
        {
            _numbers[i] = Routes.Number(First + (i * 7919L % Count));
            _feed.Cache.Put(_numbers[i], Routes.Make(First + (i * 7919L % Count)));
        }
    }

    [Benchmark]
    public RouteLookup KnownNumber()
    {
        if (++_next == Count) _next = 0;
        var found = _feed!.Find(_numbers[_next], worker: 0, out var route);
        return route is not null ? found : throw new InvalidOperationException("Unknown.");
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _feed!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _redis!.Dispose();
    }
}
