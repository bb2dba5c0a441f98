using System.Runtime.InteropServices;

namespace CallTracker.Media.Recording;

/// <summary>The header of an entry of a <see cref="RecordingRing"/>; its payload stands behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RecordingEntry
{
    /// <summary>The worker's time, monotonic milliseconds.</summary>
    public long AtMs;
    /// <summary>The recording, by the tap's running number.</summary>
    public uint Number;
    /// <summary>Bytes of payload.</summary>
    public int Length;
    public RecordingEntryKind Kind;
    /// <summary>0: side A, 1: side B.</summary>
    public byte Side;
    /// <summary>Packets of this side before this one that the ring had no room for.</summary>
    public ushort Dropped;
}
