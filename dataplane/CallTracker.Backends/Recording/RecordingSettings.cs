namespace CallTracker.Backends.Recording;

/// <summary>What can be set about recording. Read once at start, immutable.</summary>
public sealed record RecordingSettings
{
    /// <summary>Where the files go.</summary>
    public required string Folder { get; init; }
    public required string NodeId { get; init; }
    /// <summary>Nothing is written while the disk has fewer bytes: the journal of calls may need them.</summary>
    public long FreeBytesMin { get; init; } = 1L << 30;
    /// <summary>How often the writer looks at the rings, in milliseconds.</summary>
    public int TurnMs { get; init; } = 20;
    /// <summary>
    /// How often the room on the disk is looked at, and recordings whose end was not told are looked for.
    /// </summary>
    public int CheckMs { get; init; } = 1000;
    /// <summary>How long rows wait for others before they are inserted.</summary>
    public int BatchMs { get; init; } = 250;
    /// <summary>How long to wait after an insert that failed.</summary>
    public int RetryMs { get; init; } = 1000;
    /// <summary>
    /// Rows that may wait for ClickHouse in memory; those beyond wait in their files for the next start.
    /// </summary>
    public int RowsMax { get; init; } = 65_536;
}
