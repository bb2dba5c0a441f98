using System.Text.Json;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Judgement.Rules;

/// <summary>
/// Rules in Redis: the present ones, every version there ever was, and the changes that the judge has yet to apply.
/// Any thread.
/// </summary>
internal sealed class RuleStore(RedisStore redis)
{
    /// <summary>All rules of an operator are looked through for each call that is judged.</summary>
    public const int RulesPerOperatorMax = 2000;

    public async Task<StoredRule?> GetAsync(string operatorId, string ruleId)
    {
        if (!Identifier.IsValid(ruleId)) return null;
        var json = await redis.HashGetAsync(StoreKeys.Rules(operatorId), ruleId);
        return json is null ? null : Parse(json);
    }

    /// <summary>One page in order of id, and the cursor of the next.</summary>
    public async Task<(IReadOnlyList<StoredRule> Items, string? NextCursor)> ListAsync(
        string operatorId, PageRequest page)
    {
        var ids = await redis.PageAsync(StoreKeys.RuleIds(operatorId), page.After, page.Limit);
        var values = await redis.HashGetAsync(StoreKeys.Rules(operatorId), ids);
        var items = values.Where(v => v is not null).Select(v => Parse(v!)).ToArray();
        return (items, ids.Length == page.Limit ? PageRequest.Seal(ids[^1]) : null);
    }

    /// <summary>Every rule there is, with its operator: what the judge copies when it starts.</summary>
    public async IAsyncEnumerable<(string OperatorId, StoredRule Rule)> AllAsync()
    {
        foreach (var (operatorId, _) in await redis.HashGetAllAsync(StoreKeys.Operators))
        {
            foreach (var (_, json) in await redis.HashGetAllAsync(StoreKeys.Rules(operatorId)))
            {
                yield return (operatorId, Parse(json));
            }
        }
    }

    public Task<CommitResult> CreateAsync(string operatorId, StoredRule stored) => Write(new Commit()
        .RequireNoField(StoreKeys.Rules(operatorId), stored.Rule.RuleId, CommitOutcome.Exists)
        .RequireFewer(StoreKeys.Rules(operatorId), RulesPerOperatorMax, CommitOutcome.Full), operatorId, stored,
        FromMs(stored.Rule)).RunAsync(redis);

    public Task<CommitResult> ReplaceAsync(string operatorId, StoredRule stored, StoredRule seen)
    {
        var commit = new Commit()
            .RequireVersion(StoreKeys.Rules(operatorId), stored.Rule.RuleId, seen.Version, CommitOutcome.Changed);
        // What the old version judged may change too, so the earlier of both beginnings counts.
        var fromMs = Math.Min(FromMs(stored.Rule), FromMs(seen.Rule));
        return Write(commit, operatorId, stored, fromMs).RunAsync(redis);
    }

    public Task<CommitResult> DeleteAsync(string operatorId, StoredRule seen)
    {
        var pending = Change(operatorId, Versioned(seen), FromMs(seen.Rule), isDeleted: true);
        return new Commit()
            .RequireVersion(StoreKeys.Rules(operatorId), seen.Rule.RuleId, seen.Version, CommitOutcome.Changed)
            .HashDelete(StoreKeys.Rules(operatorId), seen.Rule.RuleId)
            .IndexRemove(StoreKeys.RuleIds(operatorId), seen.Rule.RuleId)
            .HashSet(StoreKeys.RulesPending, PendingField(operatorId, seen.Rule.RuleId), pending)
            .RunAsync(redis);
    }

    /// <summary>The changes that wait for the judge, oldest first.</summary>
    public async Task<IReadOnlyList<(string Field, PendingRule Change)>> PendingAsync()
    {
        var entries = await redis.HashGetAllAsync(StoreKeys.RulesPending);
        return
        [
            .. entries.Select(e => (e.Key, JsonSerializer.Deserialize(e.Value, ApiJson.Wire.PendingRule)!))
                .OrderBy(e => e.Item2.Version),
        ];
    }

    public Task ForgetPendingAsync(string field) => redis.HashDeleteAsync(StoreKeys.RulesPending, field);

    private static Commit Write(Commit commit, string operatorId, StoredRule stored, long fromMs)
    {
        var versioned = Versioned(stored);
        var json = JsonSerializer.Serialize(versioned, ApiJson.Wire.StoredRule);
        var id = stored.Rule.RuleId;
        return commit
            .HashSet(StoreKeys.Rules(operatorId), id, json)
            .HashSet(StoreKeys.RuleHistory(operatorId), $"{id}/{Commit.VersionPlaceholder}", json)
            .IndexAdd(StoreKeys.RuleIds(operatorId), id)
            .HashSet(StoreKeys.RulesPending, PendingField(operatorId, id),
                Change(operatorId, versioned, fromMs, isDeleted: false));
    }

    private static string PendingField(string operatorId, string ruleId) =>
        $"{operatorId}/{ruleId}/{Commit.VersionPlaceholder}";

    private static string Change(string operatorId, StoredRule stored, long fromMs, bool isDeleted) =>
        JsonSerializer.Serialize(new PendingRule
        {
            Version = Commit.VersionPlaceholder,
            OperatorId = operatorId,
            Stored = stored,
            IsDeleted = isDeleted,
            FromMs = fromMs,
        }, ApiJson.Wire.PendingRule);

    private static StoredRule Versioned(StoredRule stored) => stored with
    {
        Version = Commit.VersionPlaceholder,
        Rule = stored.Rule with { Version = Commit.VersionPlaceholder },
    };

    private static long FromMs(JudgementRule rule) => rule.EffectiveFrom?.ToUnixTimeMilliseconds() ?? 0;

    private static StoredRule Parse(string json) => JsonSerializer.Deserialize(json, ApiJson.Wire.StoredRule)!;
}
