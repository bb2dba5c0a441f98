namespace CallTracker.Backends.Journal;

/// <summary>Where the journal lies and its bounds. Immutable.</summary>
public sealed record JournalOptions
{
    /// <summary>The smallest segment that makes sense: a few of the longest entries.</summary>
    public const int SegmentBytesMin = 64 * 1024;
    public required string Directory { get; init; }
    /// <summary>Written on every record; must stay the same over restarts.</summary>
    public required string NodeId { get; init; }
    /// <summary>Length of one segment file; a multiple of the page size.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024 * 1024;
    /// <summary>All segments together; beyond it new calls are refused as if the disk were full.</summary>
    public long TotalBytesMax { get; init; } = 64L * 1024 * 1024 * 1024;
    /// <summary>
    /// How long an entry may wait for the disk; the process's own death loses nothing even before that.
    /// </summary>
    public int SyncIntervalMs { get; init; } = 50;
    /// <summary>How old the last known time may be when a killed node's calls are closed.</summary>
    public int HeartbeatMs { get; init; } = 200;
    /// <summary>How long the keeper rests while nothing is written and no call is open; an entry wakes it.</summary>
    public int RestMs { get; init; } = 1000;
    /// <summary>
    /// A call that is still open this many segments later is written again, so that old segments can go.
    /// </summary>
    public int CarryAfterSegments { get; init; } = 4;
}
