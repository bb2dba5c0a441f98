using System.Buffers.Binary;

namespace CallTracker.Media.Rtp;

/// <summary>What a receiver says of one stream: a reception report block (RFC 3550 section 6.4.1).</summary>
/// <param name="Ssrc">The stream.</param>
/// <param name="FractionLost">Lost since its last report, in 256ths.</param>
/// <param name="Lost">Lost in all; below 0 when more came twice than were lost.</param>
/// <param name="HighestSequence">With the count of wraps in the upper half.</param>
/// <param name="Jitter">In units of the stream's clock.</param>
/// <param name="LastSenderReport">Middle 32 bits of the NTP time of the last sender report; 0 when none came.</param>
/// <param name="DelaySinceIt">Since then, in 65,536ths of a second.</param>
internal readonly record struct RtcpReportBlock(
    uint Ssrc, byte FractionLost, int Lost, uint HighestSequence, uint Jitter, uint LastSenderReport,
    uint DelaySinceIt)
{
    public const int Length = 24;

    // |                 SSRC_1 (SSRC of first source)                 |
    // | fraction lost |       cumulative number of packets lost       |
    // |           extended highest sequence number received           |
    // |                      interarrival jitter                      |
    // |                         last SR (LSR)                         |
    // |                   delay since last SR (DLSR)                  |
    public static RtcpReportBlock Read(ReadOnlySpan<byte> block)
    {
        var losses = BinaryPrimitives.ReadUInt32BigEndian(block[4..]);
        return new RtcpReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(block),
            (byte)(losses >> 24),
            (int)(losses << 8) >> 8,
            BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(block[20..]));
    }

    public void Write(Span<byte> block)
    {
        var lost = (uint)Math.Clamp(Lost, -0x80_0000, 0x7f_ffff) & 0xff_ffff;
        BinaryPrimitives.WriteUInt32BigEndian(block, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], ((uint)FractionLost << 24) | lost);
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], DelaySinceIt);
    }
}
