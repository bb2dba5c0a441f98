using System.Buffers.Binary;
using System.Net;
using System.Text;
using CallTracker.Backends.Tracing;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>HEP3 packets read back by their published layout, chunk by chunk.</summary>
public sealed class HepPacketTests
{
    private const string Options = "OPTIONS sip:node@127.0.0.1 SIP/2.0\r\n"
        + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
        + "From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    private const string TrnId = "0123456789abcdef01234567";

    [Fact]
    public void Packet_V4_HasTheChunksOfTheLayout()
    {
        var packet = Write(Entry("192.0.2.1", 5071, "192.0.2.9", 5060), TrnId, "secret");
        Encoding.ASCII.GetString(packet, 0, 4).ShouldBe("HEP3");
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(4)).ShouldBe((ushort)packet.Length);
        var chunks = Chunks(packet);
        chunks[0x01].ShouldBe([2]);
        chunks[0x02].ShouldBe([17]);
        chunks[0x03].ShouldBe([192, 0, 2, 1]);
        chunks[0x04].ShouldBe([192, 0, 2, 9]);
        Number(chunks[0x07]).ShouldBe(5071UL);
        Number(chunks[0x08]).ShouldBe(5060UL);
        Number(chunks[0x09]).ShouldBe(1_795_000_000UL);
        Number(chunks[0x0a]).ShouldBe(123_000UL);
        chunks[0x0b].ShouldBe([1]);
        Number(chunks[0x0c]).ShouldBe(77UL);
        Encoding.ASCII.GetString(chunks[0x0e]).ShouldBe("secret");
        Encoding.ASCII.GetString(chunks[0x0f]).ShouldBe(Options);
        Encoding.ASCII.GetString(chunks[0x11]).ShouldBe(TrnId);
        // Dissectors take all that follows the message's chunk head for the message.
        Encoding.ASCII.GetString(packet).ShouldEndWith(Options);
    }

    [Fact]
    public void Packet_V6SentByTcp_HasItsAddressesTheOtherWayRound()
    {
        var entry = Entry("2001:db8::1", 5071, "2001:db8::9", 5060) with
        {
            Direction = TraceDirection.Sent,
            Transport = SipTransportKind.Tcp,
        };
        var chunks = Chunks(Write(entry, "", ""));
        chunks[0x01].ShouldBe([10]);
        chunks[0x02].ShouldBe([6]);
        new IPAddress(chunks[0x05]).ShouldBe(IPAddress.Parse("2001:db8::9"));
        new IPAddress(chunks[0x06]).ShouldBe(IPAddress.Parse("2001:db8::1"));
        Number(chunks[0x07]).ShouldBe(5060UL);
        chunks.ShouldNotContainKey(0x0e);
        chunks.ShouldNotContainKey(0x11);
    }

    private static TraceEntry Entry(string remote, int remotePort, string local, int localPort) => new()
    {
        UnixUs = 1_795_000_000_123_000,
        Remote = IpEndpoint.From(IPAddress.Parse(remote), remotePort),
        Local = IpEndpoint.From(IPAddress.Parse(local), localPort),
    };

    private static byte[] Write(TraceEntry entry, string correlation, string password)
    {
        var packet = new byte[4096];
        var length = HepPacket.Write(packet, entry, Encoding.ASCII.GetBytes(Options),
            Encoding.ASCII.GetBytes(correlation), 77, Encoding.ASCII.GetBytes(password));
        return packet[..length];
    }

    // Chunk: vendor (2), type (2), length with this head (2), value.
    private static Dictionary<int, byte[]> Chunks(byte[] packet)
    {
        var chunks = new Dictionary<int, byte[]>();
        for (var at = 6; at < packet.Length;)
        {
            BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at)).ShouldBe((ushort)0);
            var type = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at + 2));
            var length = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(at + 4));
            chunks.Add(type, packet[(at + 6)..(at + length)]);
            at += length;
        }
        return chunks;
    }

    private static ulong Number(byte[] value) => value.Aggregate(0UL, (sum, b) => (sum << 8) | b);
}
