namespace CallTracker.ControlPlane.Store;

/// <summary>
/// Redis keys that only the control plane uses; those the nodes read stand in
/// <see cref="Contracts.Redis.RedisKeys"/>. Entities are JSON in one hash per operator, beside a sorted set of their
/// ids (all scores 0) from which pages are cut. Stateless.
/// </summary>
internal static class StoreKeys
{
    /// <summary>Counter: versions of entities that no node reads.</summary>
    public const string Versions = "ct:versions";
    /// <summary>Hash: operator id → operator.</summary>
    public const string Operators = "ct:operators";
    /// <summary>Hash: operator name → operator id.</summary>
    public const string OperatorNames = "ct:operators:names";
    /// <summary>Set of <c>operator/client_id</c> whose routes still carry the name before a renaming.</summary>
    public const string RenamesPending = "ct:renames";
    /// <summary>Hash: <c>operator/rule_id/version</c> → what has to be judged anew because of it.</summary>
    public const string RulesPending = "ct:rules:pending";
    /// <summary>String: who judges at the moment.</summary>
    public const string JudgeLease = "ct:judge:lease";

    public static string Advertisers(string op) => "ct:adv:" + op;

    public static string AdvertiserIds(string op) => "ct:adv:ids:" + op;

    public static string Numbers(string op) => "ct:num:" + op;

    public static string NumberIds(string op) => "ct:num:ids:" + op;

    /// <summary>Hash: normalised number → dialin_id.</summary>
    public static string NumberIdByDin(string op) => "ct:num:din:" + op;

    /// <summary>Sorted set: dialin_ids of one advertiser.</summary>
    public static string NumberIdsOf(string op, string client) => "ct:num:of:" + op + ":" + client;

    /// <summary>Sorted set: trunk ids of one operator.</summary>
    public static string TrunkIds(string op) => "ct:trunk:ids:" + op;

    public static string ApiKeys(string op) => "ct:apikeys:" + op;

    public static string ApiKeyIds(string op) => "ct:apikeys:ids:" + op;

    public static string Rules(string op) => "ct:rules:" + op;

    public static string RuleIds(string op) => "ct:rules:ids:" + op;

    /// <summary>Hash: <c>rule_id/version</c> → the document as it was.</summary>
    public static string RuleHistory(string op) => "ct:rules:history:" + op;
}
