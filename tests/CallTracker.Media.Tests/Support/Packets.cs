using System.Buffers.Binary;

namespace CallTracker.Media.Tests.Support;

/// <summary>Builds datagrams for tests.</summary>
internal static class Packets
{
    public static byte[] Rtp(int sequence, uint ssrc = 0x1111_2222, uint? timestamp = null, byte payloadType = 0)
    {
        var packet = new byte[172];
        packet[0] = 0x80;
        packet[1] = payloadType;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp ?? (uint)(sequence * 160));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        for (var i = 12; i < packet.Length; i++) packet[i] = (byte)(sequence + i);
        return packet;
    }

    /// <summary>A sender report without blocks.</summary>
    public static byte[] Rtcp(byte mark = 7)
    {
        var packet = new byte[28];
        packet[0] = 0x80;
        packet[1] = 200;
        packet[3] = 6;
        packet[7] = mark;
        return packet;
    }

    /// <summary>A STUN binding request.</summary>
    public static byte[] Stun()
    {
        var packet = new byte[20];
        packet[1] = 1;
        packet[4] = 0x21;
        return packet;
    }

    /// <summary>The start of a DTLS handshake record.</summary>
    public static byte[] Dtls()
    {
        var packet = new byte[40];
        packet[0] = 22;
        packet[1] = 0xfe;
        packet[2] = 0xff;
        return packet;
    }
}
