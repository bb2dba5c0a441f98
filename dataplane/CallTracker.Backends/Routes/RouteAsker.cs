using System.Collections.Concurrent;
using CallTracker.Backends.Redis;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Redis;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Reads routes from Redis into the cache: numbers that a worker asked for, and numbers that changed. Asks are bounded
/// and one per number; the answers come on the thread pool.
/// </summary>
internal sealed class RouteAsker
{
    private readonly RedisConnection _redis;
    private readonly RouteCache _cache;
    private readonly IRouteWaiter _waiter;
    private readonly RouteFeedOptions _options;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly ConcurrentDictionary<PhoneNumber, RouteAsk> _asks = new();
    private readonly ConcurrentDictionary<PhoneNumber, long> _failedUntilMs = new();
    private int _askCount;

    public RouteAsker(
        RedisConnection redis, RouteCache cache, IRouteWaiter waiter, RouteFeedOptions options, IClock clock,
        IBackendLog log)
    {
        _redis = redis;
        _cache = cache;
        _waiter = waiter;
        _options = options;
        _clock = clock;
        _log = log;
    }

    public int AskCount => Volatile.Read(ref _askCount);

    /// <summary>
    /// Starts or joins the query for a number that the cache does not know; a worker's call, never waits. The route is
    /// there when it came meanwhile.
    /// </summary>
    public RouteLookup Ask(PhoneNumber number, int worker, out Route? route)
    {
        route = null;
        while (true)
        {
            if (_failedUntilMs.TryGetValue(number, out var untilMs) && _clock.NowMs < untilMs)
                return RouteLookup.Unavailable;
            if (_asks.TryGetValue(number, out var running))
            {
                if (running.TryJoin(worker)) return RouteLookup.Pending;
                // It was settled between the two looks: the answer is in the cache or among the failures.
                if (_cache.TryGet(number, out route))
                    return route is null ? RouteLookup.NotFound : RouteLookup.Found;
                _asks.TryRemove(new KeyValuePair<PhoneNumber, RouteAsk>(number, running));
                continue;
            }
            if (!_redis.IsConnected || AskCount >= _options.AsksMax) return RouteLookup.Unavailable;
            var ask = new RouteAsk(number);
            ask.TryJoin(worker);
            if (!_asks.TryAdd(number, ask)) continue;
            Interlocked.Increment(ref _askCount);
            // On the pool, so that no line of the Redis package runs on the worker.
            _ = Task.Run(() => AnswerAsync(ask));
            return RouteLookup.Pending;
        }
    }

    /// <summary>Reads one changed number again; false when Redis could not be read.</summary>
    public async Task<bool> RefreshAsync(PhoneNumber number, CancellationToken ct)
    {
        if (_asks.TryGetValue(number, out var ask)) ask.Outdate();
        // Numbers that nobody called need no reading: they are read when they are called.
        if (!_cache.HasRoute(number))
        {
            _cache.ForgetNegative(number);
            return true;
        }
        return await TryReadAsync(number, ct);
    }

    /// <summary>Forgets failures whose time is over, so that their number stays bounded.</summary>
    public void ForgetFailures()
    {
        foreach (var (number, untilMs) in _failedUntilMs)
        {
            if (_clock.NowMs >= untilMs) _failedUntilMs.TryRemove(number, out _);
        }
    }

    private async Task AnswerAsync(RouteAsk ask)
    {
        var isKnown = false;
        try
        {
            do isKnown = await TryReadAsync(ask.Number, CancellationToken.None);
            while (isKnown && ask.TakeOutdated());
        }
        catch (Exception e)
        {
            // Whatever it is, the workers that wait must be told.
            _log.Report(BackendEvent.RouteFeedFailed, e.Message);
        }
        if (isKnown) _failedUntilMs.TryRemove(ask.Number, out _);
        else _failedUntilMs[ask.Number] = _clock.NowMs + _options.FailureMs;
        _asks.TryRemove(new KeyValuePair<PhoneNumber, RouteAsk>(ask.Number, ask));
        Interlocked.Decrement(ref _askCount);
        var workers = ask.Settle();
        for (var worker = 0; worker < RouteAsk.WorkersMax; worker++)
        {
            if ((workers & (1UL << worker)) != 0) _waiter.OnRouteSettled(worker, ask.Number);
        }
    }

    private async Task<bool> TryReadAsync(PhoneNumber number, CancellationToken ct)
    {
        try
        {
            var json = await _redis.GetAsync(RedisKeys.Route(number.ToString()), ct);
            var route = json is null ? null : RouteMapper.TryMap(json);
            if (json is not null && route is null)
            {
                // What is known of the number stays in force; a number never seen cannot be served.
                _log.Report(BackendEvent.RouteMalformed, $"The route of {number} cannot be read.");
                return _cache.HasRoute(number);
            }
            _cache.Put(number, route);
            return true;
        }
        catch (RedisAwayException)
        {
            return false;
        }
    }
}
