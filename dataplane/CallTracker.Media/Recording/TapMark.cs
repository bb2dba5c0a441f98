namespace CallTracker.Media.Recording;

/// <summary>What became of a mark for a recording.</summary>
public enum TapMark
{
    /// <summary>The session records nothing.</summary>
    NotRecorded = 0,
    Done = 1,
    /// <summary>It was so already.</summary>
    Unchanged = 2,
    /// <summary>The ring has no room; nothing has changed.</summary>
    NoRoom = 3,
}
