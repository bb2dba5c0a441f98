using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text;
using CallTracker.Backends.Tests.Support;
using CallTracker.Backends.Tracing;
using CallTracker.Calls.Tracing;
using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Tracing;

/// <summary>HEP3 packets read by their published layout, and by tshark, which knows it from others.</summary>
public sealed class HepPacketTests
{
    private const string Options = "OPTIONS sip:node@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
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

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.9")]
    [InlineData("2001:db8::1", "2001:db8::9")]
    public async Task Packet_ReadByTshark_IsHepWithTheMessageAndItsCorrelation(string remote, string local)
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "hep.pcap");
        await File.WriteAllBytesAsync(file, Capture(Write(Entry(remote, 5071, local, 5060), TrnId, "secret")),
            TestContext.Current.CancellationToken);
        var text = await TsharkAsync("-r", file, "-d", "udp.port==9060,hep", "-V");
        text.ShouldContain("HEP3 Protocol");
        text.ShouldContain(TrnId);
        text.ShouldContain(remote);
        text.ShouldContain("Request-Line: OPTIONS sip:node@127.0.0.1 SIP/2.0");
        text.ShouldNotContain("Malformed");
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

    // A capture file of one UDP datagram over IPv4 (LINKTYPE_RAW), checksums left out.
    private static byte[] Capture(byte[] payload)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(0xa1b2c3d4u);
        writer.Write((ushort)2);
        writer.Write((ushort)4);
        writer.Write(0L);
        writer.Write(65535);
        writer.Write(101);
        writer.Write(0L);
        writer.Write(28 + payload.Length);
        writer.Write(28 + payload.Length);
        byte[] ip = [0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1];
        BinaryPrimitives.WriteUInt16BigEndian(ip.AsSpan(2), (ushort)(28 + payload.Length));
        writer.Write(ip);
        var udp = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(udp, 40000);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), 9060);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)(8 + payload.Length));
        writer.Write(udp);
        writer.Write(payload);
        return memory.ToArray();
    }

    private static async Task<string> TsharkAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tshark", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return text;
    }
}
