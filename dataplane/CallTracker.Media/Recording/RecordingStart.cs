using System.Runtime.InteropServices;

namespace CallTracker.Media.Recording;

/// <summary>What stands first in the payload of a Start entry, before the owner's label.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RecordingStart
{
    /// <summary>Wall clock of the start, Unix milliseconds.</summary>
    public long UnixMs;
    /// <summary>Payload types in what comes from side A.</summary>
    public RecordedTypes FormatsA;
    /// <summary>Payload types in what comes from side B.</summary>
    public RecordedTypes FormatsB;
    /// <summary>The session's slot, by which the tap tells if the recording still runs.</summary>
    public int Slot;
    public RecordedSides Sides;
}
