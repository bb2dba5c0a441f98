namespace CallTracker.Backends.Journal;

/// <summary>What stands at a place of a segment.</summary>
internal enum EntryStatus
{
    /// <summary>A whole, sound entry.</summary>
    Entry,
    /// <summary>Nothing yet: the end of what was committed.</summary>
    End,
    /// <summary>Bytes that no writer of ours committed.</summary>
    Corrupt,
}
