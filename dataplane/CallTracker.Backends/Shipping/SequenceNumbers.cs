using System.Globalization;
using CallTracker.Backends.Redis;
using CallTracker.Contracts.Redis;
using CallTracker.Core.Time;
using StackExchange.Redis;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// Gives out seq_num, the running number of ended calls per operator. Redis counts for all nodes; the highest number
/// that this node knows is a floor, so that a Redis that lost its data gives no number twice. While Redis is away the
/// node counts on by itself (ops/decisions/0002-seq-num.md). Owned by the shipper.
/// </summary>
internal sealed class SequenceNumbers
{
    // Numbers are written with %.0f: Lua would turn large ones into powers of ten.
    private const string Script = """
        local last = {}
        for i = 1, #KEYS do
          local value = tonumber(redis.call('GET', KEYS[i]) or '0')
          local floor = tonumber(ARGV[2 * i])
          if value < floor then value = floor end
          value = value + tonumber(ARGV[2 * i - 1])
          redis.call('SET', KEYS[i], string.format('%.0f', value))
          last[i] = string.format('%.0f', value)
        end
        return last
        """;
    private readonly RedisConnection _redis;
    private readonly CallRecordStore _store;
    private readonly ShipperOptions _options;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly Dictionary<string, ulong> _known;
    private bool _areKnownRead;
    private long _probeAtMs;
    private int _isStale;

    public SequenceNumbers(
        RedisConnection redis, CallRecordStore store, IReadOnlyDictionary<string, ulong> known, ShipperOptions options,
        IClock clock, IBackendLog log)
    {
        _redis = redis;
        _store = store;
        _options = options;
        _clock = clock;
        _log = log;
        _known = new Dictionary<string, ulong>(known, StringComparer.Ordinal);
        // A Redis that was away may have come back with less than it had.
        redis.Restored += () => Volatile.Write(ref _isStale, 1);
    }

    /// <summary>The highest number of each operator that this node knows to be given.</summary>
    public IReadOnlyDictionary<string, ulong> Known => _known;

    /// <summary>True while the node counts by itself.</summary>
    public bool IsOffline { get; private set; }

    /// <summary>
    /// The first number of each operator's new calls. Waits for ClickHouse where it must know the highest number:
    /// without ClickHouse no batch can go anywhere.
    /// </summary>
    public async Task<Dictionary<string, ulong>> TakeAsync(
        IReadOnlyDictionary<string, int> counts, CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isStale, 0) == 1 || !_areKnownRead || IsOffline) await RefreshAsync(ct);
        var last = await TryTakeFromRedisAsync(counts, ct) ?? CountOffline(counts);
        var first = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (operatorId, count) in counts)
        {
            first[operatorId] = last[operatorId] - (ulong)count + 1;
            _known[operatorId] = last[operatorId];
        }
        return first;
    }

    /// <summary>Tells a Redis that is back how far this node has counted; called now and then by the shipper.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        if (!IsOffline || _clock.NowMs < _probeAtMs || !_redis.IsConnected) return;
        await TryTakeFromRedisAsync(_known.Keys.ToDictionary(k => k, _ => 0, StringComparer.Ordinal), ct);
    }

    private async Task RefreshAsync(CancellationToken ct)
    {
        foreach (var (operatorId, highest) in await _store.ReadSequencesAsync(ct))
            _known[operatorId] = Math.Max(highest, _known.GetValueOrDefault(operatorId));
        _areKnownRead = true;
    }

    private async Task<Dictionary<string, ulong>?> TryTakeFromRedisAsync(
        IReadOnlyDictionary<string, int> counts, CancellationToken ct)
    {
        if (IsOffline && _clock.NowMs < _probeAtMs) return null;
        var deadlineMs = _clock.NowMs + _options.RedisPatienceMs;
        while (true)
        {
            try
            {
                var last = await AskRedisAsync(counts, ct);
                if (IsOffline) _log.Report(BackendEvent.NumberingOnline, "Redis counts calls again.");
                IsOffline = false;
                return last;
            }
            catch (RedisAwayException e)
            {
                _probeAtMs = _clock.NowMs + _options.RedisPatienceMs;
                if (IsOffline) return null;
                if (_clock.NowMs < deadlineMs)
                {
                    await Task.Delay(_options.RedisRetryMs, ct);
                    continue;
                }
                IsOffline = true;
                _log.Report(BackendEvent.NumberingOffline, e.Message);
                await RefreshAsync(ct);
                return null;
            }
        }
    }

    private async Task<Dictionary<string, ulong>> AskRedisAsync(
        IReadOnlyDictionary<string, int> counts, CancellationToken ct)
    {
        var last = new Dictionary<string, ulong>(StringComparer.Ordinal);
        if (counts.Count == 0) return last;
        var operators = counts.Keys.ToArray();
        var values = new List<string>(operators.Length * 2);
        foreach (var operatorId in operators)
        {
            values.Add(counts[operatorId].ToString(CultureInfo.InvariantCulture));
            values.Add(_known.GetValueOrDefault(operatorId).ToString(CultureInfo.InvariantCulture));
        }
        var answer = (RedisResult[])await _redis.ScriptAsync(
            Script, Array.ConvertAll(operators, RedisKeys.CallSequence), values, ct);
        for (var i = 0; i < operators.Length; i++)
            last[operators[i]] = ulong.Parse((string)answer[i]!, CultureInfo.InvariantCulture);
        return last;
    }

    private Dictionary<string, ulong> CountOffline(IReadOnlyDictionary<string, int> counts)
    {
        var last = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (operatorId, count) in counts)
            last[operatorId] = _known.GetValueOrDefault(operatorId) + (ulong)count;
        return last;
    }
}
