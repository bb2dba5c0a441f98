namespace CallTracker.Contracts.Recordings;

/// <summary>What a recording has come to. The values lie in files and tables and never change.</summary>
public enum RecordingState : byte
{
    None = 0,
    /// <summary>All that came in is in it.</summary>
    Complete = 1,
    /// <summary>The node died while it was made: it goes to the last second before.</summary>
    Interrupted = 2,
    /// <summary>Some of what came in is missing; <see cref="RecordingFault"/> says why.</summary>
    Partial = 3,
    /// <summary>Nothing of it is kept.</summary>
    Failed = 4,
    /// <summary>Deleted on request.</summary>
    Deleted = 5,
}
