namespace CallTracker.Media.Jitter;

/// <summary>A packet that waits. A place of <see cref="JitterBuffer"/>, found by its sequence number.</summary>
internal struct JitterSlot
{
    public uint Timestamp;
    public ushort Sequence;
    public ushort Length;
    public byte PayloadType;
    public bool Marker;
    public bool IsFull;
}
