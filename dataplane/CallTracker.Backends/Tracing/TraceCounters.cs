namespace CallTracker.Backends.Tracing;

/// <summary>Counts of the trace's tasks. Each is written by one task and read by the metrics thread.</summary>
internal sealed class TraceCounters
{
    private long _shipped;
    private long _lost;

    /// <summary>Messages in ClickHouse.</summary>
    public long Shipped => Interlocked.Read(ref _shipped);

    /// <summary>Messages of chosen calls that were dropped: the queue was full, or ClickHouse refused them.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Messages of chosen calls that were overwritten before they could be read.</summary>
    public long Missing { get; set; }

    /// <summary>Failed or sampled calls not kept, because there were too many in their second.</summary>
    public long Skipped { get; set; }

    /// <summary>Bytes of the rings that nobody had read when they were overwritten.</summary>
    public long UnreadBytes { get; set; }

    public long HepSent { get; set; }

    public long HepFailed { get; set; }

    public void CountShipped(int rows) => Interlocked.Add(ref _shipped, rows);

    public void CountLost(int rows) => Interlocked.Add(ref _lost, rows);
}
