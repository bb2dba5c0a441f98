using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.Core.Net;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>Messages that are sent soon go together, and arrive as those sent at once do.</summary>
public sealed class UdpSenderTests : IDisposable
{
    private const int SolSocket = 1;
    private const int NoCheck = 11;
    private readonly int _socket = UdpSocket.Open(IpEndpoint.From(IPAddress.Loopback, 0), 0, reusePort: false);
    private readonly UdpClient _peer = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly UdpClient _other = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly UdpSender _sender;

    public UdpSenderTests() => _sender = new UdpSender(_socket);

    public void Dispose()
    {
        UdpSocket.Close(_socket);
        _peer.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Messages_SentSoon_ArriveWithTheFlush()
    {
        for (var i = 0; i < 5; i++) Soon(_peer, $"message {i}");
        Soon(_peer, "of another length");
        Soon(_other, "message 9");
        (_sender.Sent, _peer.Available, _other.Available).ShouldBe((0, 0, 0));
        _sender.Flush();
        _sender.Sent.ShouldBe(7);
        Received(_peer).Order().ShouldBe(
            ["message 0", "message 1", "message 2", "message 3", "message 4", "of another length"]);
        Received(_other).ShouldBe(["message 9"]);
        _sender.Flush();
        _sender.Sent.ShouldBe(7);
    }

    [Fact]
    public void Messages_MoreThanTheKernelTakes_GoAtOnce()
    {
        for (var i = 0; i < UdpBatch.CountMax + 1; i++) Soon(_peer, $"{i:D3}");
        _sender.Sent.ShouldBe(UdpBatch.CountMax);
        _sender.Flush();
        Received(_peer).ShouldBe(Enumerable.Range(0, UdpBatch.CountMax + 1).Select(i => $"{i:D3}"));
    }

    [Fact]
    public void Messages_OfMoreLengthsThanAreCollected_AllArrive()
    {
        var texts = Enumerable.Range(1, UdpSender.BatchCount * 3).Select(length => new string('x', length)).ToArray();
        foreach (var text in texts) Soon(_peer, text);
        foreach (var text in texts) Soon(_peer, text);
        _sender.Flush();
        _sender.Sent.ShouldBe(texts.Length * 2);
        Received(_peer).Select(text => text.Length).Order().ShouldBe(
            texts.Concat(texts).Select(text => text.Length).Order());
    }

    [Fact]
    public void Message_TooLongToCollect_GoesAlone()
    {
        var text = new string('x', 1200);
        Soon(_peer, text);
        _sender.Sent.ShouldBe(1);
        Received(_peer).ShouldBe([text]);
    }

    [Fact]
    public void Messages_TheKernelDoesNotJoin_GoOneByOne()
    {
        // A socket without checksums takes no segments (EIO), as some devices do not.
        using var bare = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        bare.SetRawSocketOption(SolSocket, NoCheck, [1, 0, 0, 0]);
        bare.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var sender = new UdpSender((int)bare.Handle);
        for (var i = 0; i < 3; i++) sender.SendSoon(FlowTo(_peer), Encoding.ASCII.GetBytes($"{i}"));
        UdpSocket.SendSegments((int)bare.Handle, "ab"u8, 1, FlowTo(_peer).Remote).ShouldBeLessThan(0);
        sender.Flush();
        (sender.Sent, sender.Failed).ShouldBe((3, 0));
        Received(_peer).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public void Messages_WithoutASocketOfTheirVersion_AreCountedAsFailed()
    {
        var flow = new SipFlow(SipTransportKind.Udp, 0, 0, IpEndpoint.From(IPAddress.IPv6Loopback, 5060));
        _sender.SendSoon(flow, "a"u8);
        _sender.SendSoon(flow, "b"u8);
        _sender.Flush();
        (_sender.Sent, _sender.Failed).ShouldBe((0, 2));
    }

    private void Soon(UdpClient to, string text) => _sender.SendSoon(FlowTo(to), Encoding.ASCII.GetBytes(text));

    private static SipFlow FlowTo(UdpClient peer) => new(
        SipTransportKind.Udp, 0, 0, IpEndpoint.From(IPAddress.Loopback, ((IPEndPoint)peer.Client.LocalEndPoint!).Port));

    // Loopback delivers within the send.
    private static List<string> Received(UdpClient peer)
    {
        var texts = new List<string>();
        IPEndPoint? from = null;
        while (peer.Available > 0) texts.Add(Encoding.ASCII.GetString(peer.Receive(ref from)));
        return texts;
    }
}
