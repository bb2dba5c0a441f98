using System.Text.Json;
using CallTracker.Contracts.Redis;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Auth;

/// <summary>API keys in Redis: by hash for the gate, by id in each operator's list. Any thread.</summary>
internal sealed class ApiKeyStore(RedisStore redis, ApiKeyCache cache, TimeProvider clock)
{
    public const int KeysPerOperatorMax = 10_000;

    /// <summary>The key with this text; null when it is unknown or expired.</summary>
    public async Task<ApiKeyRecord?> FindAsync(string text)
    {
        if (!ApiKeyText.IsWellFormed(text)) return null;
        var sha256 = ApiKeyText.Hash(text);
        var key = cache.Find(sha256) ?? await LoadAsync(sha256);
        return key is null || key.ExpiresAt <= clock.GetUtcNow() ? null : key;
    }

    /// <summary>Keeps a key under the hash of its text.</summary>
    public async Task<(CommitOutcome Outcome, ApiKeyRecord Record)> AddAsync(ApiKeyRecord record, string text)
    {
        var kept = record with { Version = Commit.VersionPlaceholder, Hint = ApiKeyText.Hint(text) };
        var sha256 = ApiKeyText.Hash(text);
        var stored = new StoredApiKey { Version = Commit.VersionPlaceholder, Sha256 = sha256, Record = kept };
        var result = await new Commit()
            .RequireAbsent(RedisKeys.ApiKey(sha256), CommitOutcome.Exists)
            .RequireFewer(StoreKeys.ApiKeys(kept.OperatorId), KeysPerOperatorMax, CommitOutcome.Full)
            .Set(RedisKeys.ApiKey(sha256), JsonSerializer.Serialize(kept, ApiJson.Wire.ApiKeyRecord))
            .HashSet(StoreKeys.ApiKeys(kept.OperatorId), kept.KeyId,
                JsonSerializer.Serialize(stored, ApiJson.Wire.StoredApiKey))
            .IndexAdd(StoreKeys.ApiKeyIds(kept.OperatorId), kept.KeyId)
            .RunAsync(redis);
        return (result.Outcome, kept with { Version = result.Version });
    }

    public async Task<ApiKeyRecord?> GetAsync(string operatorId, string keyId) =>
        (await StoredAsync(operatorId, keyId))?.Record;

    /// <summary>One page in order of id, and the cursor of the next.</summary>
    public async Task<(IReadOnlyList<ApiKeyRecord> Items, string? NextCursor)> ListAsync(
        string operatorId, PageRequest page)
    {
        var ids = await redis.PageAsync(StoreKeys.ApiKeyIds(operatorId), page.After, page.Limit);
        var values = await redis.HashGetAsync(StoreKeys.ApiKeys(operatorId), ids);
        var items = values.Where(v => v is not null)
            .Select(v => JsonSerializer.Deserialize(v!, ApiJson.Wire.StoredApiKey)!.Record).ToArray();
        return (items, ids.Length == page.Limit ? PageRequest.Seal(ids[^1]) : null);
    }

    /// <summary>Revokes a key; false when there is none.</summary>
    public async Task<bool> RemoveAsync(string operatorId, string keyId)
    {
        if (await StoredAsync(operatorId, keyId) is not { } stored) return false;
        await new Commit()
            .HashDelete(StoreKeys.ApiKeys(operatorId), keyId)
            .IndexRemove(StoreKeys.ApiKeyIds(operatorId), keyId)
            .Delete(RedisKeys.ApiKey(stored.Sha256))
            .RunAsync(redis);
        cache.Forget(stored.Sha256);
        return true;
    }

    private async Task<ApiKeyRecord?> LoadAsync(string sha256)
    {
        var json = await redis.GetAsync(RedisKeys.ApiKey(sha256));
        if (json is null) return null;
        var key = JsonSerializer.Deserialize(json, ApiJson.Wire.ApiKeyRecord)!;
        cache.Keep(sha256, key);
        return key;
    }

    private async Task<StoredApiKey?> StoredAsync(string operatorId, string keyId)
    {
        var json = await redis.HashGetAsync(StoreKeys.ApiKeys(operatorId), keyId);
        return json is null ? null : JsonSerializer.Deserialize(json, ApiJson.Wire.StoredApiKey);
    }
}
