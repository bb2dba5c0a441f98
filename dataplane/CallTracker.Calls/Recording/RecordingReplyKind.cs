namespace CallTracker.Calls.Recording;

/// <summary>What became of a <see cref="RecordingWish"/>.</summary>
public enum RecordingReplyKind
{
    /// <summary>No such call is up here, or it is not the asker's.</summary>
    Absent = 0,
    Done,
    /// <summary>It was so already.</summary>
    Unchanged,
    /// <summary>Nobody has answered the call yet.</summary>
    NotAnswered,
    NotRecorded,
    /// <summary>It was to be recorded and could not be begun.</summary>
    Failed,
    /// <summary>There is no room for it now; nothing has changed.</summary>
    Busy,
}
