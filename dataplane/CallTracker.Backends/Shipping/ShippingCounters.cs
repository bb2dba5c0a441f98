namespace CallTracker.Backends.Shipping;

/// <summary>What the shipper counts. Written by the shipper, read by the metrics.</summary>
internal sealed class ShippingCounters
{
    private long _rows;
    private long _batches;
    private long _checkpoints;
    private long _retries;
    private long _refusals;
    private long _present;
    private long _oldestEndMs;

    public long Rows => Interlocked.Read(ref _rows);
    public long Batches => Interlocked.Read(ref _batches);
    /// <summary>Checkpoints written; far fewer than batches under load.</summary>
    public long Checkpoints => Interlocked.Read(ref _checkpoints);
    /// <summary>Tries that failed and were, or will be, repeated.</summary>
    public long Retries => Interlocked.Read(ref _retries);
    /// <summary>Failures that no repetition mends: somebody has to look.</summary>
    public long Refusals => Interlocked.Read(ref _refusals);
    /// <summary>Rows that were found in the table and not sent again.</summary>
    public long Present => Interlocked.Read(ref _present);

    /// <summary>When the oldest call that is taken and not yet in ClickHouse ended; 0 for none.</summary>
    public long OldestEndMs
    {
        get => Interlocked.Read(ref _oldestEndMs);
        set => Interlocked.Exchange(ref _oldestEndMs, value);
    }

    public void CountBatch(int rows)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Increment(ref _batches);
    }

    public void CountCheckpoint() => Interlocked.Increment(ref _checkpoints);
    public void CountRetry() => Interlocked.Increment(ref _retries);
    public void CountRefusal() => Interlocked.Increment(ref _refusals);
    public void CountPresent(int rows) => Interlocked.Add(ref _present, rows);
}
