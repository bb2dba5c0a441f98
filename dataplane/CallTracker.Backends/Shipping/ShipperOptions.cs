namespace CallTracker.Backends.Shipping;

/// <summary>Bounds and times of the shipper. Immutable.</summary>
public sealed record ShipperOptions
{
    public int BatchRowsMax { get; init; } = 5000;
    /// <summary>
    /// How long the first row of a batch waits for company, once it is on the disk; the journal's next turn behind it
    /// ends the wait.
    /// </summary>
    public int FlushMs { get; init; } = 250;
    /// <summary>After so long without a row, what is done is settled; the rarest look at the journals too.</summary>
    public int RestMs { get; init; } = 2000;
    /// <summary>
    /// How old the checkpoint may become under load. What it does not know yet is in the batch's file; when that cannot
    /// be read, the rows of this time are looked for in the table.
    /// </summary>
    public int CheckpointMs { get; init; } = 30_000;
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
