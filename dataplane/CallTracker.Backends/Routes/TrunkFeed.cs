using CallTracker.Backends.Redis;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Keeps the table of all trunks: reads them whole on every change and publishes a new table by one write.
/// </summary>
internal sealed class TrunkFeed
{
    private readonly RedisConnection _redis;
    private readonly RouteFeedOptions _options;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly TrunkSecretCipher? _secrets;
    private TrunkTable _table = TrunkTable.Empty;
    private Dictionary<string, Trunk> _byId = new(StringComparer.Ordinal);
    private long _resolveAtMs = long.MaxValue;

    public TrunkFeed(RedisConnection redis, RouteFeedOptions options, IClock clock, IBackendLog log,
        TrunkSecretCipher? secrets)
    {
        _secrets = secrets;
        _redis = redis;
        _options = options;
        _clock = clock;
        _log = log;
    }

    public TrunkTable Table => Volatile.Read(ref _table);

    /// <summary>True when some trunk is given by a name that should be looked up again.</summary>
    public bool IsDue => _clock.NowMs >= _resolveAtMs;

    public async Task ReloadAsync(CancellationToken ct)
    {
        var trunks = new Dictionary<string, Trunk>(StringComparer.Ordinal);
        var hasNames = false;
        foreach (var (id, json) in await _redis.GetHashAsync(RedisKeys.Trunks, ct))
        {
            var record = TrunkMapper.TryRead(json);
            if (record is { Enabled: false }) continue;
            hasNames |= record is not null && TrunkMapper.IsName(record);
            var trunk = record is null ? null : await TrunkMapper.TryMapAsync(record, _secrets, ct);
            if (trunk is not null) trunks[id] = trunk;
            else KeepKnown(id, trunks);
        }
        _byId = trunks;
        _resolveAtMs = hasNames ? _clock.NowMs + (_options.ResolveSec * 1000L) : long.MaxValue;
        Volatile.Write(ref _table, new TrunkTable([.. trunks.Values.OrderBy(t => t.Id, StringComparer.Ordinal)]));
    }

    // A name server that is away, or a broken entry, must not take a working trunk out of service.
    private void KeepKnown(string id, Dictionary<string, Trunk> trunks)
    {
        _log.Report(BackendEvent.TrunkMalformed, $"Trunk {LogText.Clean(id)} cannot be read or resolved.");
        if (_byId.TryGetValue(id, out var known)) trunks[id] = known;
    }
}
