using System.Buffers.Binary;
using System.Net;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Dtmf;

namespace CallTracker.Calls.Tests.Digits;

/// <summary>
/// A call between two trunks of given ways of digits, with a real socket for the media of each side.
/// </summary>
internal sealed class DigitLine : IDisposable
{
    private readonly int _caller = Open();
    private readonly int _shop = Open();
    private ushort _sequence;
    private uint _timestamp = 16_000;
    private SentMessage _ok = null!;

    public DigitLine(DtmfWay carrier, DtmfWay shop) => Node.Routes.Trunks = new TrunkTable(
    [
        new Trunk
        {
            Id = "carrier",
            OperatorId = "op",
            Address = Harness.Carrier,
            Prefixes = [],
            InboundFrom = [new InboundSource(Harness.Carrier, 128)],
            Dtmf = carrier,
        },
        new Trunk
        {
            Id = "shop",
            OperatorId = "op",
            Address = Harness.Shop,
            Prefixes = [ScriptedRoutes.Number("")],
            InboundFrom = [],
            Dtmf = shop,
        },
    ]);

    public Harness Node { get; } = new();

    /// <summary>The INVITE that the shop got.</summary>
    public SentMessage Invite { get; private set; } = null!;

    /// <summary>The 200 that the caller got.</summary>
    public SentMessage Ok => _ok;

    /// <summary>Places and answers the call; the formats and attributes are those of the m= lines.</summary>
    public void Connect(string offered, string answered)
    {
        Invite = Node.Dial(Peer.Invite(body: Sdp(_caller, offered)));
        Node.Deliver(Peer.Answer(Invite, 200, Sdp(_shop, answered)), Harness.Shop);
        _ok = Node.TakeSent(Harness.Carrier).ShouldHaveSingleOk();
        Node.Deliver(Peer.FromCaller(_ok, "ACK", 1, "ack1"), Harness.Carrier);
        Node.TakeSent(Harness.Shop);
        Node.TakeSent(Harness.Carrier);
    }

    /// <summary>The caller sends a key as events of this type and clock; audio goes before and after.</summary>
    public void SendEvents(byte type, byte code, int clockHz)
    {
        SendAudio();
        var begun = _timestamp;
        for (var i = 1; i <= 7; i++)
        {
            var packet = Packet(type, 4, begun, isMarked: i == 1);
            new TelephoneEvent(code, i > 4, 10, (ushort)(Math.Min(i, 5) * clockHz / 50)).Write(packet.AsSpan(12));
            Send(_caller, Ok.AudioPort, packet);
        }
        SendAudio();
    }

    public void SendAudio() => Send(_caller, Ok.AudioPort, Packet(0, 160, _timestamp += 160, isMarked: false));

    /// <summary>Lets time pass in steps of 20 ms; the packets that the shop got meanwhile.</summary>
    public List<byte[]> PassToShop(int ms)
    {
        var (got, buffer) = (new List<byte[]>(), new byte[512]);
        for (var passed = 0; passed < ms; passed += 20)
        {
            Node.Pass(20);
            Node.PumpMedia();
            int length;
            while ((length = UdpSocket.ReceiveFrom(_shop, buffer, out _)) >= 0) got.Add(buffer[..length]);
        }
        return got;
    }

    /// <summary>An INFO of the caller's; what it is answered.</summary>
    public int SendInfo(int cseq, string body, string type = "application/dtmf-relay")
    {
        Node.Deliver(Peer.FromCaller(Ok, "INFO", cseq, $"info{cseq}", body, type), Harness.Carrier);
        return Node.TakeSent(Harness.Carrier).SingleOrDefault()?.Code ?? 0;
    }

    public void Dispose()
    {
        Node.Dispose();
        UdpSocket.Close(_caller);
        UdpSocket.Close(_shop);
    }

    private static string Sdp(int socket, string media) =>
        "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
        $"m=audio {UdpSocket.LocalEndpoint(socket).Port} RTP/AVP {media}a=sendrecv\r\n";

    private static int Open() => UdpSocket.Open(IpEndpoint.From(IPAddress.Loopback, 0), 0, reusePort: false);

    private byte[] Packet(byte type, int length, uint timestamp, bool isMarked)
    {
        var packet = new byte[12 + length];
        (packet[0], packet[1], packet[11]) = (0x80, (byte)(type | (isMarked ? 0x80 : 0)), 7);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), _sequence++);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        return packet;
    }

    private void Send(int socket, int port, byte[] packet)
    {
        UdpSocket.SendTo(socket, packet, Harness.At(port)).ShouldBePositive();
        Node.PumpMedia();
    }
}
