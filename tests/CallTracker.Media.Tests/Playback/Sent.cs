using System.Buffers.Binary;

namespace CallTracker.Media.Tests.Playback;

/// <summary>What stands in an RTP packet that was played.</summary>
internal sealed record Sent(bool Marker, int Type, ushort Sequence, uint Timestamp, uint Ssrc, byte[] Payload)
{
    public static Sent Of(byte[] packet)
    {
        packet[0].ShouldBe((byte)0x80);
        return new(
            (packet[1] & 0x80) != 0, packet[1] & 0x7f, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)),
            BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(4)),
            BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8)), packet[12..]);
    }

    public static List<Sent> Of(IEnumerable<byte[]> packets) => [.. packets.Select(Of)];
}
