namespace CallTracker.Contracts.Redis;

/// <summary>Every Redis key and channel that both planes use. All begin with <c>ct:</c>.</summary>
public static class RedisKeys
{
    /// <summary>Hash: trunk id → <see cref="Routes.TrunkRecord"/> as JSON.</summary>
    public const string Trunks = "ct:trunks";
    /// <summary>
    /// Hash: trace id → <see cref="Tracing.TraceRequestRecord"/> as JSON; changes are told as kind <c>trace</c>.
    /// </summary>
    public const string Traces = "ct:traces";
    /// <summary>Counter: the last change sequence. Raised in the same script that writes what changed.</summary>
    public const string ChangeSequence = "ct:changes:seq";
    /// <summary>
    /// Stream of changes; entry id <c>{sequence}-0</c>, fields <c>kind</c> (route, trunk, trace), <c>key</c> (number,
    /// trunk id, trace id).
    /// Trimmed to about <see cref="ChangeStreamLengthMax"/> entries; a node that fell further behind reloads
    /// everything.
    /// </summary>
    public const string ChangeStream = "ct:changes";
    /// <summary>
    /// Publish/subscribe channel that carries <c>{sequence} {kind} {key}</c> for each stream entry at once.
    /// </summary>
    public const string ChangeChannel = "ct:changed";
    /// <summary>Publish/subscribe channel of <see cref="Recordings.RecordingOrderRecord"/>, to all nodes.</summary>
    public const string RecordingOrders = "ct:recording:orders";
    /// <summary>Publish/subscribe channel of <see cref="Recordings.RecordingAnswerRecord"/>, to all control planes.
    /// </summary>
    public const string RecordingAnswers = "ct:recording:answers";
    /// <summary>Entries kept in <see cref="ChangeStream"/>.</summary>
    public const int ChangeStreamLengthMax = 100_000;

    /// <summary>String: the <see cref="Routes.RouteRecord"/> of a normalised number as JSON.</summary>
    public static string Route(string number) => "ct:route:" + number;

    /// <summary>Counter: the last seq_num given to an operator's calls.</summary>
    public static string CallSequence(string operatorId) => "ct:callseq:" + operatorId;

    /// <summary>String: an API key's owner and scopes as JSON, by the lower-case hex SHA-256 of the key.</summary>
    public static string ApiKey(string sha256Hex) => "ct:apikey:" + sha256Hex;
}
