using System.Globalization;
using CallTracker.Contracts.Redis;

namespace CallTracker.ControlPlane.Store;

/// <summary>
/// Collects the guards and writes of one atomic change and runs them as one script (commit.lua). Made for one change
/// by a store, used once, by one thread.
/// </summary>
internal sealed class Commit
{
    /// <summary>What documents carry as their version until the script knows it; no counter comes this far.</summary>
    public const ulong VersionPlaceholder = ulong.MaxValue;

    private static readonly string Script = EmbeddedText.Read("commit.lua");
    private readonly List<string> _keys;
    private readonly List<string> _guards = [];
    private readonly List<string> _writes = [];
    private readonly List<CommitOutcome> _refusals = [];
    private string _changeKind = "";
    private string _changeKey = "";

    public Commit() => _keys = [StoreKeys.Versions, RedisKeys.ChangeStream];

    /// <summary>
    /// Tells the nodes: the version comes from the change sequence and goes out on stream and channel.
    /// </summary>
    public Commit Announce(string kind, string key)
    {
        _keys[0] = RedisKeys.ChangeSequence;
        (_changeKind, _changeKey) = (kind, key);
        return this;
    }

    public Commit RequireAbsent(string key, CommitOutcome refusal) => Guard("absent", key, "", "", refusal);

    public Commit RequireNoField(string key, string field, CommitOutcome refusal) =>
        Guard("no_field", key, field, "", refusal);

    public Commit RequireField(string key, string field, CommitOutcome refusal) =>
        Guard("field", key, field, "", refusal);

    public Commit RequireFewer(string key, int count, CommitOutcome refusal) =>
        Guard("shorter", key, "", count.ToString(CultureInfo.InvariantCulture), refusal);

    public Commit RequireEmpty(string key, CommitOutcome refusal) => Guard("empty", key, "", "", refusal);

    public Commit RequireVersion(string key, string field, ulong version, CommitOutcome refusal) =>
        Guard("version", key, field, version.ToString(CultureInfo.InvariantCulture), refusal);

    public Commit HashSet(string key, string field, string value) => Write("hset", key, field, value);

    public Commit HashDelete(string key, string field) => Write("hdel", key, field, "");

    public Commit Set(string key, string value) => Write("set", key, "", value);

    public Commit Delete(string key) => Write("del", key, "", "");

    public Commit IndexAdd(string key, string id) => Write("zadd", key, id, "");

    public Commit IndexRemove(string key, string id) => Write("zrem", key, id, "");

    public Commit SetAdd(string key, string member) => Write("sadd", key, member, "");

    // :: Step P5
    /// <summary>
    /// Runs the change: entity, indexes, route and change event become visible together, or not at all.
    /// </summary>
    public async Task<CommitResult> RunAsync(RedisStore redis)
    {
        var answer = await redis.ScriptAsync(Script, [.. _keys], [.. Arguments()]);
        var number = ulong.Parse(answer[1], CultureInfo.InvariantCulture);
        return answer[0] == "1" ? new(CommitOutcome.Done, number) : new(_refusals[(int)number - 1], 0);
    }

    private IEnumerable<string> Arguments() =>
    [
        VersionPlaceholder.ToString(CultureInfo.InvariantCulture),
        RedisKeys.ChangeChannel,
        _changeKind,
        _changeKey,
        RedisKeys.ChangeStreamLengthMax.ToString(CultureInfo.InvariantCulture),
        (_guards.Count / 4).ToString(CultureInfo.InvariantCulture),
        .. _guards,
        (_writes.Count / 4).ToString(CultureInfo.InvariantCulture),
        .. _writes,
    ];

    private Commit Guard(string kind, string key, string field, string expected, CommitOutcome refusal)
    {
        _guards.AddRange([kind, KeyIndex(key), field, expected]);
        _refusals.Add(refusal);
        return this;
    }

    private Commit Write(string kind, string key, string field, string value)
    {
        _writes.AddRange([kind, KeyIndex(key), field, value]);
        return this;
    }

    // Lua counts from 1; the first two keys are the counter and the stream.
    private string KeyIndex(string key)
    {
        var index = _keys.IndexOf(key, 2);
        if (index < 0)
        {
            _keys.Add(key);
            index = _keys.Count - 1;
        }
        return (index + 1).ToString(CultureInfo.InvariantCulture);
    }
}
