using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Routes;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Trunks;

/// <summary>Trunks in Redis, all operators in the one hash that every node holds. Any thread.</summary>
internal sealed class TrunkStore(RedisStore redis)
{
    /// <summary>Trunks in all: each node keeps every one of them and searches them per call.</summary>
    public const int TrunksMax = 10_000;
    private const string ChangeKind = "trunk";

    public async Task<TrunkRecord?> GetAsync(string operatorId, string trunkId)
    {
        if (!Identifier.IsValid(trunkId)) return null;
        var json = await redis.HashGetAsync(RedisKeys.Trunks, trunkId);
        var trunk = json is null ? null : Parse(json);
        return trunk?.OperatorId == operatorId ? trunk : null;
    }

    /// <summary>One page in order of id, and the cursor of the next.</summary>
    public async Task<(IReadOnlyList<TrunkRecord> Items, string? NextCursor)> ListAsync(string operatorId,
        PageRequest page)
    {
        var ids = await redis.PageAsync(StoreKeys.TrunkIds(operatorId), page.After, page.Limit);
        var values = await redis.HashGetAsync(RedisKeys.Trunks, ids);
        var items = values.Where(v => v is not null).Select(v => Parse(v!)).ToArray();
        return (items, ids.Length == page.Limit ? PageRequest.Seal(ids[^1]) : null);
    }

    public Task<CommitResult> CreateAsync(TrunkRecord trunk) => Write(new Commit()
        .RequireNoField(RedisKeys.Trunks, trunk.TrunkId, CommitOutcome.Exists)
        .RequireFewer(RedisKeys.Trunks, TrunksMax, CommitOutcome.Full), trunk).RunAsync(redis);

    public Task<CommitResult> ReplaceAsync(TrunkRecord trunk, ulong seen) => Write(new Commit()
        .RequireVersion(RedisKeys.Trunks, trunk.TrunkId, seen, CommitOutcome.Changed), trunk).RunAsync(redis);

    public Task<CommitResult> DeleteAsync(TrunkRecord seen) => new Commit()
        .Announce(ChangeKind, seen.TrunkId)
        .RequireVersion(RedisKeys.Trunks, seen.TrunkId, seen.Version, CommitOutcome.Changed)
        .HashDelete(RedisKeys.Trunks, seen.TrunkId)
        .IndexRemove(StoreKeys.TrunkIds(seen.OperatorId), seen.TrunkId)
        .RunAsync(redis);

    private static Commit Write(Commit commit, TrunkRecord trunk) => commit
        .Announce(ChangeKind, trunk.TrunkId)
        .HashSet(RedisKeys.Trunks, trunk.TrunkId, Json(trunk))
        .IndexAdd(StoreKeys.TrunkIds(trunk.OperatorId), trunk.TrunkId);

    private static TrunkRecord Parse(string json) =>
        JsonSerializer.Deserialize(json, ContractJson.Default.TrunkRecord)!;

    private static string Json(TrunkRecord trunk) =>
        JsonSerializer.Serialize(trunk with { Version = Commit.VersionPlaceholder }, ContractJson.Default.TrunkRecord);
}
