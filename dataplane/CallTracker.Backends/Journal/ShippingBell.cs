namespace CallTracker.Backends.Journal;

/// <summary>
/// Calls the shipper when ended calls that are on the disk have waited long enough for company. The keeper rings right
/// behind its synchronisation, so that all there is goes along and the shipper needs neither a poll nor a timer of its
/// own; the shipper waits.
/// </summary>
internal sealed class ShippingBell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private long _endsSeen;

    /// <summary>How long the first ended call waits for company; set by the shipper before it starts.</summary>
    public int FlushMs { get; set; }

    /// <summary>
    /// When it rings, by the monotonic clock; <see cref="long.MaxValue"/>: nothing waits. The keeper's.
    /// </summary>
    public long DueMs { get; private set; } = long.MaxValue;

    /// <summary>The journals are on the disk up to so many ends of calls; the keeper's.</summary>
    public void OnSynced(long ends, long nowMs)
    {
        if (ends != _endsSeen && DueMs == long.MaxValue) DueMs = nowMs + FlushMs;
        _endsSeen = ends;
        if (nowMs < DueMs) return;
        DueMs = long.MaxValue;
        if (_rung.CurrentCount == 0) _rung.Release();
    }

    /// <summary>True when it rang, false when the time is over first; the shipper's.</summary>
    public Task<bool> WaitAsync(int msMax, CancellationToken ct) => _rung.WaitAsync(msMax, ct);

    public void Dispose() => _rung.Dispose();
}
