using System.Globalization;
using CallTracker.Backends.Redis;
using CallTracker.Contracts.Redis;
using StackExchange.Redis;

namespace CallTracker.Backends.Routes;

/// <summary>Reads the change sequence and the change stream. Stateless; the feed's task.</summary>
internal sealed class ChangeReader
{
    private const string PageLength = "1000";
    private readonly RedisConnection _redis;

    public ChangeReader(RedisConnection redis) => _redis = redis;

    /// <summary>The last change sequence given; 0 when nothing ever changed.</summary>
    public async Task<ulong> ReadSequenceAsync(CancellationToken ct)
    {
        var bytes = await _redis.GetAsync(RedisKeys.ChangeSequence, ct);
        var isNumber = ulong.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence);
        return isNumber ? sequence : 0;
    }

    /// <summary>
    /// One page of the changes behind <paramref name="seen"/>; null when the stream does not reach back that far, so
    /// that everything must be read again.
    /// </summary>
    public async Task<List<RouteChange>?> ReadAfterAsync(ulong seen, CancellationToken ct)
    {
        var from = (seen + 1).ToString(CultureInfo.InvariantCulture);
        var answer = await _redis.ExecuteAsync("XRANGE", [RedisKeys.ChangeStream, from, "+", "COUNT", PageLength], ct);
        var changes = new List<RouteChange>();
        foreach (var entry in (RedisResult[])answer)
        {
            if (TryRead((RedisResult[])entry, out var change)) changes.Add(change);
        }
        return changes.Count == 0 || changes[0].Sequence > seen + 1 ? null : changes;
    }

    // entry: id, [field, value, field, value …]
    private static bool TryRead(RedisResult[] entry, out RouteChange change)
    {
        change = default;
        if (!RouteChange.TryParseId((string)entry[0]!, out var sequence)) return false;
        var fields = (string[])entry[1]!;
        string kind = "", key = "";
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if (fields[i] == "kind") kind = fields[i + 1];
            if (fields[i] == "key") key = fields[i + 1];
        }
        change = new RouteChange(sequence, kind, key);
        return true;
    }
}
