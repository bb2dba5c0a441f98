namespace CallTracker.Media.Transcoding;

/// <summary>
/// How fast one side's packets are converted: as fast as audio comes in the shortest packets in use, and a moment of it
/// at once after a stall. What comes faster is no audio, and would cost a worker the time of all its calls. Part of its
/// converter.
/// </summary>
internal struct PacketPace
{
    // 5 ms a packet.
    private const int PacketsPerSec = 200;
    private const int BurstPackets = 100;
    private const long FullMs = BurstPackets * 1000 / PacketsPerSec;
    private const long PacketMs = 1000 / PacketsPerSec;
    // When the allowance would be full again.
    private long _fullAtMs;

    /// <summary>False when the packet came too fast.</summary>
    public bool TryTake(long nowMs)
    {
        var fullAtMs = Math.Max(_fullAtMs, nowMs) + PacketMs;
        if (fullAtMs - nowMs > FullMs) return false;
        _fullAtMs = fullAtMs;
        return true;
    }
}
