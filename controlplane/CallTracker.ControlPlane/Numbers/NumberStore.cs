using System.Text.Json;
using CallTracker.Contracts.Numbers;
using CallTracker.Contracts.Redis;
using CallTracker.ControlPlane.Advertisers;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Numbers;

/// <summary>Tracking numbers in Redis, each with the route that the nodes read. Any thread.</summary>
internal sealed class NumberStore(RedisStore redis)
{
    public const int NumbersPerOperatorMax = 5_000_000;
    private const string ChangeKind = "route";

    /// <summary>The number with this dialin_id, or else with this din_id in any written form.</summary>
    public async Task<TrackingNumber?> FindAsync(string operatorId, string id)
    {
        var json = Identifier.IsValid(id) ? await redis.HashGetAsync(StoreKeys.Numbers(operatorId), id) : null;
        if (json is not null) return Parse(json);
        if (NumberingPlan.Normalise(id) is not { } dinId) return null;
        var dialinId = await redis.HashGetAsync(StoreKeys.NumberIdByDin(operatorId), dinId);
        json = dialinId is null ? null : await redis.HashGetAsync(StoreKeys.Numbers(operatorId), dialinId);
        return json is null ? null : Parse(json);
    }

    /// <summary>One page in order of dialin_id, of one advertiser or of all.</summary>
    public async Task<(IReadOnlyList<TrackingNumber> Items, string? NextCursor)> ListAsync(
        string operatorId, string? clientId, PageRequest page)
    {
        var index = clientId is null ? StoreKeys.NumberIds(operatorId) : StoreKeys.NumberIdsOf(operatorId, clientId);
        var ids = await redis.PageAsync(index, page.After, page.Limit);
        var values = await redis.HashGetAsync(StoreKeys.Numbers(operatorId), ids);
        var items = values.Where(v => v is not null).Select(v => Parse(v!)).ToArray();
        return (items, ids.Length == page.Limit ? PageRequest.Seal(ids[^1]) : null);
    }

    /// <summary>Creates a number, unless its id is taken or its number exists with any operator.</summary>
    public Task<CommitResult> CreateAsync(string operatorId, TrackingNumber number, Advertiser advertiser)
    {
        var commit = new Commit()
            .RequireAbsent(RedisKeys.Route(number.DinId), CommitOutcome.Exists)
            .RequireNoField(StoreKeys.Numbers(operatorId), number.DialinId, CommitOutcome.Exists)
            .RequireFewer(StoreKeys.Numbers(operatorId), NumbersPerOperatorMax, CommitOutcome.Full);
        RequireAdvertiser(commit, operatorId, advertiser);
        return Write(commit, operatorId, number, advertiser).RunAsync(redis);
    }

    /// <summary>Replaces a number that still is at the version seen.</summary>
    public Task<CommitResult> ReplaceAsync(
        string operatorId, TrackingNumber number, TrackingNumber seen, Advertiser advertiser)
    {
        var commit = new Commit()
            .RequireVersion(StoreKeys.Numbers(operatorId), number.DialinId, seen.Version, CommitOutcome.Changed);
        RequireAdvertiser(commit, operatorId, advertiser);
        if (seen.ClientId != number.ClientId)
        {
            commit.IndexRemove(StoreKeys.NumberIdsOf(operatorId, seen.ClientId), number.DialinId);
        }
        return Write(commit, operatorId, number, advertiser).RunAsync(redis);
    }

    public Task<CommitResult> DeleteAsync(string operatorId, TrackingNumber seen) => new Commit()
        .Announce(ChangeKind, seen.DinId)
        .RequireVersion(StoreKeys.Numbers(operatorId), seen.DialinId, seen.Version, CommitOutcome.Changed)
        .HashDelete(StoreKeys.Numbers(operatorId), seen.DialinId)
        .HashDelete(StoreKeys.NumberIdByDin(operatorId), seen.DinId)
        .IndexRemove(StoreKeys.NumberIds(operatorId), seen.DialinId)
        .IndexRemove(StoreKeys.NumberIdsOf(operatorId, seen.ClientId), seen.DialinId)
        .Delete(RedisKeys.Route(seen.DinId))
        .RunAsync(redis);

    // The route carries the advertiser's name, so it must be the advertiser as it is now.
    private static void RequireAdvertiser(Commit commit, string operatorId, Advertiser advertiser) =>
        commit.RequireVersion(StoreKeys.Advertisers(operatorId), advertiser.ClientId, advertiser.Version,
            CommitOutcome.ParentChanged);

    private static Commit Write(Commit commit, string operatorId, TrackingNumber number, Advertiser advertiser) =>
        commit
        .Announce(ChangeKind, number.DinId)
        .HashSet(StoreKeys.Numbers(operatorId), number.DialinId, Json(number))
        .HashSet(StoreKeys.NumberIdByDin(operatorId), number.DinId, number.DialinId)
        .IndexAdd(StoreKeys.NumberIds(operatorId), number.DialinId)
        .IndexAdd(StoreKeys.NumberIdsOf(operatorId, number.ClientId), number.DialinId)
        .Set(RedisKeys.Route(number.DinId), RouteEncoding.Encode(operatorId, number, advertiser));

    private static TrackingNumber Parse(string json) => JsonSerializer.Deserialize(json, ApiJson.Wire.TrackingNumber)!;

    private static string Json(TrackingNumber number) =>
        JsonSerializer.Serialize(number with { Version = Commit.VersionPlaceholder }, ApiJson.Wire.TrackingNumber);
}
