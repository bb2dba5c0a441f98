using System.Text.Json;
using CallTracker.Contracts;
using CallTracker.Contracts.Redis;
using CallTracker.Contracts.Tracing;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Traces;

/// <summary>
/// Orders to keep calls in Redis: all operators in the one hash that every node reads. Expired ones are removed with
/// the next order written. Any thread.
/// </summary>
internal sealed class TraceRequestStore(RedisStore redis, TimeProvider clock)
{
    /// <summary>Orders in all: each node compares every ended call with each of its operator's.</summary>
    public const int RequestsMax = 1000;
    /// <summary>Orders of one operator.</summary>
    public const int PerOperatorMax = 100;
    private const string ChangeKind = "trace";

    /// <summary>The orders of an operator that are in force, the newest first.</summary>
    public async Task<IReadOnlyList<TraceRequestRecord>> ListAsync(string operatorId)
    {
        var all = await ReadAllAsync();
        return [.. all.Where(r => r.OperatorId == operatorId && !IsExpired(r)).OrderByDescending(r => r.CreatedMs)];
    }

    public async Task<CommitOutcome> CreateAsync(TraceRequestRecord request)
    {
        var all = await ReadAllAsync();
        if (all.Count(r => r.OperatorId == request.OperatorId && !IsExpired(r)) >= PerOperatorMax)
            return CommitOutcome.Full;
        var expired = all.Where(IsExpired).ToArray();
        var commit = new Commit().Announce(ChangeKind, request.TraceId)
            .RequireFewer(RedisKeys.Traces, RequestsMax + expired.Length, CommitOutcome.Full);
        foreach (var old in expired) commit.HashDelete(RedisKeys.Traces, old.TraceId);
        var json = JsonSerializer.Serialize(
            request with { Version = Commit.VersionPlaceholder }, ContractJson.Default.TraceRequestRecord);
        return (await commit.HashSet(RedisKeys.Traces, request.TraceId, json).RunAsync(redis)).Outcome;
    }

    /// <summary>False when the operator has no such order.</summary>
    public async Task<bool> DeleteAsync(string operatorId, string traceId)
    {
        if (!(await ListAsync(operatorId)).Any(r => r.TraceId == traceId)) return false;
        var result = await new Commit().Announce(ChangeKind, traceId)
            .RequireField(RedisKeys.Traces, traceId, CommitOutcome.Missing)
            .HashDelete(RedisKeys.Traces, traceId).RunAsync(redis);
        return result.IsDone;
    }

    private bool IsExpired(TraceRequestRecord request) =>
        request.ExpiresMs <= clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<IReadOnlyList<TraceRequestRecord>> ReadAllAsync()
    {
        var entries = await redis.HashGetAllAsync(RedisKeys.Traces);
        return [.. entries.Select(e => JsonSerializer.Deserialize(e.Value, ContractJson.Default.TraceRequestRecord)!)];
    }
}
