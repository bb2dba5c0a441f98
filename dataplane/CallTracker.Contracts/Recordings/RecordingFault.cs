namespace CallTracker.Contracts.Recordings;

/// <summary>Why something is missing in a recording. The values lie in files and never change.</summary>
[Flags]
public enum RecordingFault : byte
{
    None = 0,
    /// <summary>The recorder could not keep up.</summary>
    Overflow = 1,
    /// <summary>A codec that cannot be recorded.</summary>
    Codec = 2,
    /// <summary>The disk was full or failed.</summary>
    Disk = 4,
    /// <summary>The node died.</summary>
    NodeRestart = 8,
}
