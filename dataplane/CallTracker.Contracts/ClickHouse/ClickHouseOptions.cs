namespace CallTracker.Contracts.ClickHouse;

/// <summary>
/// Where ClickHouse is and who asks. Immutable; read by <see cref="ClickHouseClient"/> on any thread.
/// </summary>
public sealed record ClickHouseOptions
{
    /// <summary>
    /// The HTTP interface, such as <c>http://127.0.0.1:8123/</c>: the embedded engine, a server or a cluster.
    /// </summary>
    public required Uri Address { get; init; }
    public string Database { get; init; } = "calltracker";
    public string User { get; init; } = "";
    public string Password { get; init; } = "";
    /// <summary>
    /// How long one statement, or the head of a streamed answer, may take before it counts as failed.
    /// </summary>
    public int TimeoutSec { get; init; } = 30;
    /// <summary>True sends inserts gzipped; worth it only when the server is on another machine.</summary>
    public bool GzipInserts { get; init; }
}
