using CallTracker.Backends.Dns;
using CallTracker.Backends.Redis;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;

namespace CallTracker.Backends.Routes;

/// <summary>
/// Keeps the table of all trunks: reads them whole on every change, puts the places of their names in, and publishes a
/// new table by one write. Used by the route feed's task alone but for <see cref="Table"/>.
/// </summary>
internal sealed class TrunkFeed
{
    private readonly RedisConnection _redis;
    private readonly IBackendLog _log;
    private readonly TrunkSecretCipher? _secrets;
    private readonly NameBook _names;
    private readonly HashSet<SipName> _wanted = [];
    private List<(string Id, TrunkRecord? Record)> _records = [];
    private Dictionary<string, Trunk> _byId = new(StringComparer.Ordinal);
    private TrunkTable _table = TrunkTable.Empty;

    public TrunkFeed(RedisConnection redis, NameBook names, IBackendLog log, TrunkSecretCipher? secrets)
    {
        _redis = redis;
        _names = names;
        _log = log;
        _secrets = secrets;
    }

    public TrunkTable Table => Volatile.Read(ref _table);

    /// <summary>Reads all trunks from Redis.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        var records = new List<(string, TrunkRecord?)>();
        foreach (var (id, json) in await _redis.GetHashAsync(RedisKeys.Trunks, ct))
        {
            var record = TrunkMapper.TryRead(json);
            if (record is not { Enabled: false }) records.Add((id, record));
        }
        _records = records;
        Rebuild(isReload: true);
    }

    /// <summary>The places of a name have changed: the table is made anew from what was read last.</summary>
    public void Rebuild() => Rebuild(isReload: false);

    private void Rebuild(bool isReload)
    {
        _wanted.Clear();
        var trunks = new Dictionary<string, Trunk>(StringComparer.Ordinal);
        foreach (var (id, record) in _records)
        {
            var before = _byId.GetValueOrDefault(id);
            var trunk = record is null ? null : TrunkMapper.TryMap(record, _secrets, Find, before);
            // A broken entry must not take a working trunk out of service.
            if (trunk is null && isReload)
                _log.Report(BackendEvent.TrunkMalformed, $"Trunk {LogText.Clean(id)} cannot be read or located.");
            if ((trunk ?? before) is { } kept) trunks[id] = kept;
        }
        Publish(trunks);
        _names.Retain(_wanted);
    }

    // A trunk that is gone is remembered as long as it carries calls: were it to come back, they would count.
    private void Publish(Dictionary<string, Trunk> trunks)
    {
        var table = new TrunkTable([.. trunks.Values.OrderBy(t => t.Id, StringComparer.Ordinal)]);
        foreach (var (id, trunk) in _byId)
        {
            if (trunk.Load.Channels > 0) trunks.TryAdd(id, trunk);
        }
        _byId = trunks;
        Volatile.Write(ref _table, table);
    }

    private LocatedName? Find(SipName name)
    {
        _wanted.Add(name);
        return _names.Find(name);
    }
}
