using System.Globalization;
using CallTracker.Contracts.Redis;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Advertisers;

/// <summary>
/// Carries an advertiser's new name into its routes, some hundred per script, so that Redis is never held up long. What
/// a crash leaves behind stands in the pending set and is finished at the next start. Any thread.
/// </summary>
internal sealed class RouteRenamer(RedisStore redis)
{
    /// <summary>Routes rewritten in one script: a few milliseconds of Redis.</summary>
    public const int RoutesPerScript = 500;
    private static readonly string Script = EmbeddedText.Read("rename_routes.lua");

    /// <summary>Renames all routes of one advertiser.</summary>
    public async Task RunAsync(string operatorId, string clientId, ulong version)
    {
        var pending = string.Create(CultureInfo.InvariantCulture, $"{operatorId}/{clientId}/{version}");
        var after = "";
        do
        {
            var arguments = Arguments(clientId, after, pending);
            var answer = await redis.ScriptAsync(Script, Keys(operatorId, clientId), arguments);
            after = answer[0];
        }
        while (after.Length > 0);
    }

    /// <summary>Finishes what an earlier process began.</summary>
    public async Task FinishPendingAsync()
    {
        foreach (var member in await redis.SetMembersAsync(StoreKeys.RenamesPending))
        {
            var parts = member.Split('/');
            await RunAsync(parts[0], parts[1], ulong.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }

    private static string[] Keys(string operatorId, string clientId) =>
    [
        RedisKeys.ChangeSequence, RedisKeys.ChangeStream, StoreKeys.Advertisers(operatorId),
        StoreKeys.NumberIdsOf(operatorId, clientId), StoreKeys.Numbers(operatorId), StoreKeys.RenamesPending,
    ];

    private static string[] Arguments(string clientId, string after, string pending) =>
    [
        clientId, after, RoutesPerScript.ToString(CultureInfo.InvariantCulture), RedisKeys.Route(""),
        RedisKeys.ChangeChannel, RedisKeys.ChangeStreamLengthMax.ToString(CultureInfo.InvariantCulture), pending,
    ];
}
