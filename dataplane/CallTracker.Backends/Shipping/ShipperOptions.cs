namespace CallTracker.Backends.Shipping;

/// <summary>Bounds and times of the shipper. Immutable.</summary>
public sealed record ShipperOptions
{
    public int BatchRowsMax { get; init; } = 5000;
    /// <summary>How long the first row of a batch waits for company.</summary>
    public int FlushMs { get; init; } = 250;
    /// <summary>How often the journals are looked at.</summary>
    public int PollMs { get; init; } = 100;
    public int RetryMsMin { get; init; } = 200;
    public int RetryMsMax { get; init; } = 5000;
    /// <summary>
    /// How often an insert is tried again that ClickHouse refuses for good (until somebody mends it).
    /// </summary>
    public int RefusedRetryMs { get; init; } = 30_000;
    /// <summary>
    /// After this long the server may have forgotten the token: rows are looked for before they are sent again.
    /// </summary>
    public int TokenTrustSec { get; init; } = 300;
    /// <summary>How long Redis may be away before the node counts by itself.</summary>
    public int RedisPatienceMs { get; init; } = 2000;
    public int RedisRetryMs { get; init; } = 100;
}
