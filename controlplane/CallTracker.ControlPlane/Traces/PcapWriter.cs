using System.Buffers;
using System.Buffers.Binary;
using System.Net;

namespace CallTracker.ControlPlane.Traces;

/// <summary>
/// Writes a ladder as a capture file (pcap 2.4, LINKTYPE_RAW): each message in an IP and UDP header that is made up
/// from
/// its addresses, also where it travelled by TCP or TLS, so that every tool reads the SIP in it. Stateless.
/// </summary>
internal static class PcapWriter
{
    public const string ContentType = "application/vnd.tcpdump.pcap";
    private const int SnapLength = 262_144;
    private const uint LinkTypeRaw = 101;
    private const int UdpHeaderLength = 8;
    private const byte ProtocolUdp = 17;
    private const byte HopLimit = 64;
    // What UDP and IPv4 can say of their length.
    private const int PayloadMax = 65_507;

    public static byte[] Write(Ladder ladder)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteHead(output);
        foreach (var message in ladder.Messages) WritePacket(output, message);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteHead(ArrayBufferWriter<byte> output)
    {
        var head = output.GetSpan(24)[..24];
        head.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0xa1b2c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], LinkTypeRaw);
        output.Advance(head.Length);
    }

    private static void WritePacket(ArrayBufferWriter<byte> output, LadderMessage message)
    {
        var payload = message.Bytes.AsSpan(0, Math.Min(message.Bytes.Length, PayloadMax));
        var isV4 = IsV4(message.From.Address) && IsV4(message.To.Address);
        var ipLength = isV4 ? 20 : 40;
        var length = ipLength + UdpHeaderLength + payload.Length;
        var record = output.GetSpan(16 + length)[..(16 + length)];
        record.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(message.TimeUs / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(message.TimeUs % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], length);
        var packet = record[16..];
        payload.CopyTo(packet[(ipLength + UdpHeaderLength)..]);
        WriteIp(packet, message, isV4);
        WriteUdp(packet, message, isV4, ipLength);
        output.Advance(record.Length);
    }

    private static bool IsV4(IPAddress address) => address.GetAddressBytes().Length == 4;

    private static void WriteIp(Span<byte> packet, LadderMessage message, bool isV4)
    {
        if (!isV4)
        {
            packet[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - 40));
            (packet[6], packet[7]) = (ProtocolUdp, HopLimit);
            message.From.Address.MapToIPv6().TryWriteBytes(packet[8..], out _);
            message.To.Address.MapToIPv6().TryWriteBytes(packet[24..], out _);
            return;
        }
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        (packet[8], packet[9]) = (HopLimit, ProtocolUdp);
        message.From.Address.TryWriteBytes(packet[12..], out _);
        message.To.Address.TryWriteBytes(packet[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Fold(Sum(packet[..20])));
    }

    // The checksum covers both addresses, the protocol and the length, then header and payload (RFC 768, RFC 8200 8.1).
    private static void WriteUdp(Span<byte> packet, LadderMessage message, bool isV4, int ipLength)
    {
        var datagram = packet[ipLength..];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, (ushort)message.From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], (ushort)message.To.Port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        var addresses = isV4 ? packet[12..20] : packet[8..40];
        var sum = Sum(addresses) + ProtocolUdp + (uint)datagram.Length + Sum(datagram);
        var checksum = Fold(sum);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? ushort.MaxValue : checksum);
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (; bytes.Length >= 2; bytes = bytes[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum > ushort.MaxValue) sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
