using System.Text.Json;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Advertisers;

/// <summary>Advertisers in Redis. Any thread.</summary>
internal sealed class AdvertiserStore(RedisStore redis)
{
    public const int AdvertisersPerOperatorMax = 1_000_000;

    public async Task<Advertiser?> GetAsync(string operatorId, string clientId)
    {
        if (!Identifier.IsValid(clientId)) return null;
        var json = await redis.HashGetAsync(StoreKeys.Advertisers(operatorId), clientId);
        return json is null ? null : Parse(json);
    }

    /// <summary>One page in order of id, and the cursor of the next.</summary>
    public async Task<(IReadOnlyList<Advertiser> Items, string? NextCursor)> ListAsync(
        string operatorId, PageRequest page)
    {
        var ids = await redis.PageAsync(StoreKeys.AdvertiserIds(operatorId), page.After, page.Limit);
        var values = await redis.HashGetAsync(StoreKeys.Advertisers(operatorId), ids);
        var items = values.Where(v => v is not null).Select(v => Parse(v!)).ToArray();
        return (items, ids.Length == page.Limit ? PageRequest.Seal(ids[^1]) : null);
    }

    public Task<CommitResult> CreateAsync(string operatorId, Advertiser advertiser) => new Commit()
        .RequireNoField(StoreKeys.Advertisers(operatorId), advertiser.ClientId, CommitOutcome.Exists)
        .RequireFewer(StoreKeys.Advertisers(operatorId), AdvertisersPerOperatorMax, CommitOutcome.Full)
        .HashSet(StoreKeys.Advertisers(operatorId), advertiser.ClientId, Json(advertiser))
        .IndexAdd(StoreKeys.AdvertiserIds(operatorId), advertiser.ClientId)
        .RunAsync(redis);

    /// <summary>
    /// Replaces the advertiser at <paramref name="seen"/>; its routes still have to be renamed afterwards.
    /// </summary>
    public Task<CommitResult> ReplaceAsync(string operatorId, Advertiser advertiser, ulong seen) => new Commit()
        .RequireVersion(StoreKeys.Advertisers(operatorId), advertiser.ClientId, seen, CommitOutcome.Changed)
        .HashSet(StoreKeys.Advertisers(operatorId), advertiser.ClientId, Json(advertiser))
        .SetAdd(StoreKeys.RenamesPending, $"{operatorId}/{advertiser.ClientId}/{Commit.VersionPlaceholder}")
        .RunAsync(redis);

    public Task<CommitResult> DeleteAsync(string operatorId, string clientId, ulong seen) => new Commit()
        .RequireVersion(StoreKeys.Advertisers(operatorId), clientId, seen, CommitOutcome.Changed)
        .RequireEmpty(StoreKeys.NumberIdsOf(operatorId, clientId), CommitOutcome.InUse)
        .HashDelete(StoreKeys.Advertisers(operatorId), clientId)
        .IndexRemove(StoreKeys.AdvertiserIds(operatorId), clientId)
        .RunAsync(redis);

    private static Advertiser Parse(string json) => JsonSerializer.Deserialize(json, ApiJson.Wire.Advertiser)!;

    private static string Json(Advertiser advertiser) =>
        JsonSerializer.Serialize(advertiser with { Version = Commit.VersionPlaceholder }, ApiJson.Wire.Advertiser);
}
