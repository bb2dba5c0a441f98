namespace CallTracker.Contracts.Recordings;

/// <summary>What a chunk of a recording holds. The values lie in files and never change.</summary>
public enum RecordingChunkKind : byte
{
    None = 0,
    /// <summary>A stretch of sound, of at most a second.</summary>
    Sound = 1,
    /// <summary>A moment that matters: <see cref="RecordingMark"/>.</summary>
    Mark = 2,
    /// <summary>The end: <see cref="RecordingSummary"/>.</summary>
    End = 3,
}
