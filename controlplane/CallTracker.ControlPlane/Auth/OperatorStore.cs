using System.Text.Json;
using CallTracker.ControlPlane.Http;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Auth;

/// <summary>Operators in Redis. Made by the command line only: no key may make another tenant. Any thread.</summary>
internal sealed class OperatorStore(RedisStore redis, TimeProvider clock)
{
    /// <summary>The id of the operator with this name, which is made when there is none.</summary>
    public async Task<string> FindOrCreateAsync(string name)
    {
        if (await redis.HashGetAsync(StoreKeys.OperatorNames, name) is { } known) return known;
        var record = new OperatorRecord
        {
            Version = Commit.VersionPlaceholder,
            OperatorId = Identifier.Make(),
            Name = name,
            CreatedAt = clock.GetUtcNow(),
        };
        var result = await new Commit()
            .RequireNoField(StoreKeys.OperatorNames, name, CommitOutcome.Exists)
            .HashSet(StoreKeys.OperatorNames, name, record.OperatorId)
            .HashSet(StoreKeys.Operators, record.OperatorId,
                JsonSerializer.Serialize(record, ApiJson.Wire.OperatorRecord))
            .RunAsync(redis);
        // Another process made it between the look and the write.
        return result.IsDone ? record.OperatorId : (await redis.HashGetAsync(StoreKeys.OperatorNames, name))!;
    }
}
