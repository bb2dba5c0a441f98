namespace CallTracker.Backends.Journal;

/// <summary>What all journals of the node count. Written by workers, keeper and shipper, read by the metrics.</summary>
internal sealed class JournalCounters
{
    private long _entries;
    private long _lost;
    private long _corrupt;
    private long _recovered;
    private long _prepareFailures;
    private long _syncs;
    private long _syncFailures;

    public long Entries => Interlocked.Read(ref _entries);
    /// <summary>Entries that neither disk nor memory could take.</summary>
    public long Lost => Interlocked.Read(ref _lost);
    /// <summary>Segments in which a bad entry was found.</summary>
    public long Corrupt => Interlocked.Read(ref _corrupt);
    /// <summary>Calls closed on behalf of a node that did not live to end them.</summary>
    public long Recovered => Interlocked.Read(ref _recovered);
    public long PrepareFailures => Interlocked.Read(ref _prepareFailures);
    /// <summary>Segments brought to the disk; one that is there already is none.</summary>
    public long Syncs => Interlocked.Read(ref _syncs);
    public long SyncFailures => Interlocked.Read(ref _syncFailures);

    public void CountEntry() => Interlocked.Increment(ref _entries);
    public void CountLost() => Interlocked.Increment(ref _lost);
    public void CountCorrupt() => Interlocked.Increment(ref _corrupt);
    public void CountRecovered() => Interlocked.Increment(ref _recovered);
    public void CountPrepareFailure() => Interlocked.Increment(ref _prepareFailures);
    public void CountSync() => Interlocked.Increment(ref _syncs);
    public void CountSyncFailure() => Interlocked.Increment(ref _syncFailures);
}
