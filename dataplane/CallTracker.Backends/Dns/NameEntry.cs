namespace CallTracker.Backends.Dns;

/// <summary>What the name book knows of one name. Owned by the book, under its lock.</summary>
internal sealed class NameEntry
{
    /// <summary>The last good answer, however old: a name server that is away takes no trunk out of service.</summary>
    public LocatedName? Known { get; set; }
    /// <summary>When it is asked for (again).</summary>
    public long DueMs { get; set; }
    public bool IsAsking { get; set; }
    /// <summary>True once an answer came or failed to.</summary>
    public bool WasAsked { get; set; }
    /// <summary>True while the last try failed; told once.</summary>
    public bool HasFailed { get; set; }
}
