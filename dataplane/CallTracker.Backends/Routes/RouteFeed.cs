using System.Threading.Channels;
using CallTracker.Backends.Dns;
using CallTracker.Backends.Redis;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Routes and trunks for all workers: a cache in front of Redis that is told of every change, notices when it was not
/// told, and goes on serving what it knows while Redis is away. Workers look up; one task follows the changes.
/// </summary>
public sealed class RouteFeed : IRouteSource, IAsyncDisposable
{
    private const int NamesTurnMs = 20;
    private readonly RedisConnection _redis;
    private readonly RouteFeedOptions _options;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly RouteAsker _asker;
    private readonly ChangeReader _changes;
    private readonly TrunkFeed _trunks;
    private readonly NameBook _names;
    private readonly Channel<RouteChange> _told;
    private readonly CancellationTokenSource _stop = new();
    private readonly LookupCounters _lookups = new();
    private ulong _seen;
    private ulong _latest;
    private bool _mustReload = true;
    private bool _isSubscribed;
    private int _mustCatchUp;
    private int _mustRebuild;
    private Task<bool>? _telling;
    private Task _loop = Task.CompletedTask;

    /// <param name="redis">Where routes and trunks are read.</param>
    /// <param name="waiter">Told of settled look-ups.</param>
    /// <param name="clock">For the polls.</param>
    /// <param name="log">Told of what cannot be read.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="secrets">Opens trunks' passwords; a trunk that has one is not used without it.</param>
    public RouteFeed(
        RedisConnection redis, IRouteWaiter waiter, IClock clock, IBackendLog log, RouteFeedOptions? options = null,
        TrunkSecretCipher? secrets = null)
    {
        _redis = redis;
        _clock = clock;
        _log = log;
        _options = options ?? new RouteFeedOptions();
        Cache = new RouteCache(_options.RoutesMax, _options.NegativesMax);
        _asker = new RouteAsker(redis, Cache, waiter, _options, clock, log);
        _changes = new ChangeReader(redis);
        var dns = new DnsClient(DnsServerList.Of(_options.Dns.Servers), _options.Dns);
        _names = new NameBook(new SipLocator(dns, _options.Dns), _options.Dns, clock, log, OnNamesChanged);
        _trunks = new TrunkFeed(redis, _names, log, secrets);
        _told = Channel.CreateBounded<RouteChange>(new BoundedChannelOptions(_options.ChangesMax)
        {
            FullMode = BoundedChannelFullMode.DropWrite,
            SingleReader = true,
        });
        redis.Restored += OnRestored;
    }

    /// <inheritdoc/>
    public TrunkTable Trunks => _trunks.Table;

    /// <summary>True once everything was read for the first time: before that a node is not ready for calls.</summary>
    public bool IsReady { get; private set; }

    /// <summary>True while Redis answers; without it known numbers are still served.</summary>
    public bool IsConnected => _redis.IsConnected;

    internal RouteCache Cache { get; }
    internal LookupCounters Lookups => _lookups;
    internal int AskCount => _asker.AskCount;
    /// <summary>Sequence number of the last change applied.</summary>
    internal ulong Seen => Volatile.Read(ref _seen);

    /// <summary>Changes made and not yet applied here.</summary>
    internal long Lag => Math.Max(0, (long)(Volatile.Read(ref _latest) - Volatile.Read(ref _seen)));

    /// <summary>Begins to follow the changes; returns at once, also while Redis is away.</summary>
    public void Start() => _loop = Task.Run(FollowAsync);

    /// <inheritdoc/>
    public RouteLookup Find(PhoneNumber number, int worker, out Route? route)
    {
        if (Cache.TryGet(number, out route))
        {
            _lookups.CountHit(worker);
            return route is null ? RouteLookup.NotFound : RouteLookup.Found;
        }
        _lookups.CountMiss(worker);
        return _asker.Ask(number, worker, out route);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _redis.Restored -= OnRestored;
        await _stop.CancelAsync();
        await _loop;
        await _names.DisposeAsync();
        _stop.Dispose();
    }

    private void OnRestored()
    {
        Volatile.Write(ref _mustCatchUp, 1);
        // Wakes the loop; a sequence of 0 is never a change.
        _told.Writer.TryWrite(default);
    }

    private void OnNamesChanged()
    {
        Volatile.Write(ref _mustRebuild, 1);
        _told.Writer.TryWrite(default);
    }

    private void OnMessage(string message)
    {
        if (RouteChange.TryParse(message, out var change)) _told.Writer.TryWrite(change);
    }

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await TurnAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (RedisAwayException)
            {
                // What is known goes on being served; the missed changes are read when Redis is back.
                Volatile.Write(ref _mustCatchUp, 1);
                await PauseAsync();
            }
            catch (Exception e)
            {
                // The loop must outlive whatever was stored in Redis; the next turn reads everything again.
                _log.Report(BackendEvent.RouteFeedFailed, e.Message);
                _mustReload = true;
                await PauseAsync();
            }
        }
    }

    // Applies what was told, or looks at the sequence when nothing is told for a while.
    private async Task TurnAsync(CancellationToken ct)
    {
        if (!_isSubscribed)
        {
            await _redis.SubscribeAsync(RedisKeys.ChangeChannel, OnMessage);
            _isSubscribed = true;
        }
        if (_mustReload) await ReloadAllAsync(ct);
        if (Interlocked.Exchange(ref _mustRebuild, 0) == 1) _trunks.Rebuild();
        if (Interlocked.Exchange(ref _mustCatchUp, 0) == 1) await PollAsync(ct);
        if (!await IsToldAsync(ct)) await PollAsync(ct);
        else if (_told.Reader.TryRead(out var change)) await ApplyToldAsync(change, ct);
    }

    // False after a while without a change. No exception ends the wait: it would cost more than the poll, each second.
    private async Task<bool> IsToldAsync(CancellationToken ct)
    {
        _telling ??= _told.Reader.WaitToReadAsync(ct).AsTask();
        Task telling = _telling;
        await telling.WaitAsync(TimeSpan.FromMilliseconds(_options.PollMs), ct)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (!telling.IsCompleted) return false;
        _telling = null;
        return true;
    }

    // :: Step P6
    private async Task ApplyToldAsync(RouteChange change, CancellationToken ct)
    {
        if (change.Sequence <= _seen) return;
        Volatile.Write(ref _latest, Math.Max(_latest, change.Sequence));
        if (change.Sequence > _seen + 1)
        {
            await CatchUpAsync(ct);
            return;
        }
        await ApplyAsync([change], ct);
    }

    private async Task PollAsync(CancellationToken ct)
    {
        _asker.ForgetFailures();
        Volatile.Write(ref _latest, await _changes.ReadSequenceAsync(ct));
        // A sequence that went back means a Redis that lost data: nothing told before can be trusted.
        if (_latest < _seen) await ReloadAllAsync(ct);
        else if (_latest > _seen) await CatchUpAsync(ct);
    }

    private async Task CatchUpAsync(CancellationToken ct)
    {
        while (_seen < _latest)
        {
            if (await _changes.ReadAfterAsync(_seen, ct) is not { } page)
            {
                await ReloadAllAsync(ct);
                return;
            }
            await ApplyAsync(page, ct);
        }
    }

    // In order; what cannot be read stays unseen and is read again when Redis is back.
    private async Task ApplyAsync(List<RouteChange> changes, CancellationToken ct)
    {
        var haveTrunksChanged = false;
        foreach (var change in changes)
        {
            haveTrunksChanged |= change.Kind == RouteChange.Trunk;
            if (change.Kind != RouteChange.Route || !RouteMapper.TryPack(change.Key, out var number)) continue;
            if (!await _asker.RefreshAsync(number, ct)) throw new RedisAwayException(new TimeoutException());
        }
        if (haveTrunksChanged) await _trunks.ReloadAsync(ct);
        Volatile.Write(ref _seen, changes[^1].Sequence);
        Volatile.Write(ref _latest, Math.Max(_latest, _seen));
    }

    private async Task ReloadAllAsync(CancellationToken ct)
    {
        _mustReload = true;
        // Read before the routes: what changes meanwhile is read twice rather than never.
        var sequence = await _changes.ReadSequenceAsync(ct);
        await _trunks.ReloadAsync(ct);
        if (!IsReady) await AwaitNamesAsync(ct);
        Cache.ForgetNegatives();
        var count = 0;
        foreach (var numbers in Cache.Numbers().Chunk(500))
        {
            var read = await Task.WhenAll(numbers.Select(n => _asker.RefreshAsync(n, ct)));
            if (Array.Exists(read, isRead => !isRead)) throw new RedisAwayException(new TimeoutException());
            count += numbers.Length;
        }
        Volatile.Write(ref _seen, sequence);
        Volatile.Write(ref _latest, sequence);
        (_mustReload, IsReady) = (false, true);
        _log.Report(
            BackendEvent.RoutesReloaded, $"{count} routes and {Trunks.Count} trunks were read at change {sequence}.");
    }

    // A node that has just come up takes calls when its trunks are known, or when DNS had its time.
    private async Task AwaitNamesAsync(CancellationToken ct)
    {
        for (var waitedMs = 0; waitedMs < _options.NamesMsMax && !_names.IsSettled; waitedMs += NamesTurnMs)
            await Task.Delay(NamesTurnMs, ct);
        Volatile.Write(ref _mustRebuild, 0);
        _trunks.Rebuild();
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(200, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }
}
