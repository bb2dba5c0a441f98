namespace CallTracker.Contracts.Recordings;

/// <summary>A moment of a recording. The values lie in files and never change.</summary>
public enum RecordingMark : byte
{
    None = 0,
    /// <summary>From here on nothing is recorded.</summary>
    Pause = 1,
    Resume = 2,
    /// <summary>The parties consented.</summary>
    Consent = 3,
}
