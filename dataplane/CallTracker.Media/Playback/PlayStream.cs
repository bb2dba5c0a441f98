using System.Buffers.Binary;

namespace CallTracker.Media.Playback;

/// <summary>
/// The RTP stream of our own toward a side (RFC 3550 section 5.1): one SSRC, sequence numbers without a gap, and
/// timestamps that go on with the clock through all that is played there. Part of <see cref="PlayState"/>.
/// </summary>
internal struct PlayStream
{
    /// <summary>0 until something was played.</summary>
    public uint Ssrc;
    /// <summary>When timestamp 0 would have been.</summary>
    public long EpochMs;
    /// <summary>When the last frame was due; the smallest number before the first one of a play.</summary>
    public long LastMs;
    public int ClockKhz;
    public ushort Sequence;

    /// <summary>
    /// Writes the header of the next packet. The marker stands where sound begins anew (RFC 3551 section 4.1): a frame
    /// that does not follow on the one before.
    /// </summary>
    public void WriteHeader(Span<byte> packet, byte payloadType, long dueMs)
    {
        var isMarked = LastMs != dueMs - Player.FrameMs;
        LastMs = dueMs;
        packet[0] = 0x80;
        packet[1] = (byte)(payloadType | (isMarked ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], Sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], unchecked((uint)((dueMs - EpochMs) * ClockKhz)));
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Ssrc);
    }
}
