using System.Net;
using System.Net.Sockets;
using System.Text;
using CallTracker.Core.Net;
using CallTracker.Node.Streams;
using CallTracker.Node.Tests.Workers;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>Workers and connections together: a call's messages take the transport they should.</summary>
[Collection(nameof(TwoWorkers))]
public sealed class WorkerStreamTests
{
    private const string Sdp =
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n";

    [Fact]
    public void LargeInvite_ToAnUdpTrunk_GoesOverTcpWhereTheTrunkListens()
    {
        using var carrier = Bind();
        using var shop = StreamSendTests.Listen();
        using var node = new TwoWorkers(EndpointOf(carrier), EndpointOf(shop));
        carrier.SendTo(Invite(EndpointOf(carrier), "UDP", large: true), Target(node));
        shop.Poll(StreamRig.LimitMs * 1000, SelectMode.SelectRead).ShouldBeTrue("nobody connects");
        using var connection = shop.Accept();
        var invite = StreamRig.ReadUntil(connection, "a=fmtp:0 end\r\n");
        invite.ShouldStartWith("INVITE sip:0312345678@127.0.0.1");
        invite.ShouldContain($"\r\nVia: SIP/2.0/TCP 127.0.0.1:{node.Address.Port};");
        connection.Send(StreamRig.Bytes(Busy(invite)));
        StreamRig.ReadUntil(connection, "\r\n\r\n").ShouldStartWith("ACK ");
        Receive(carrier, "SIP/2.0 486");
    }

    [Fact]
    public void LargeInvite_ToATrunkWithoutTcp_GoesOverUdp()
    {
        using var carrier = Bind();
        using var shop = Bind();
        using var node = new TwoWorkers(EndpointOf(carrier), EndpointOf(shop));
        carrier.SendTo(Invite(EndpointOf(carrier), "UDP", large: true), Target(node));
        var invite = Receive(shop, "INVITE ");
        invite.ShouldContain($"\r\nVia: SIP/2.0/UDP 127.0.0.1:{node.Address.Port};");
        node.Streams.Counters.Failures(ConnectFailure.Refused).ShouldBe(1);
        shop.SendTo(StreamRig.Bytes(Busy(invite)), Target(node));
        Receive(carrier, "SIP/2.0 486");
    }

    [Fact]
    public void Trunk_OfTcpThatIsDown_FailsTheCallAtOnce()
    {
        using var carrier = Bind();
        using var shop = Bind();
        using var node = new TwoWorkers(EndpointOf(carrier), EndpointOf(shop), SipTransportKind.Tcp);
        carrier.SendTo(Invite(EndpointOf(carrier), "UDP", large: false), Target(node));
        Receive(carrier, "SIP/2.0 100");
        Receive(carrier, "SIP/2.0 408").ShouldContain("CSeq: 1 INVITE");
    }

    [Fact]
    public void Caller_OverTcp_IsServedOnItsConnection()
    {
        using var shop = Bind();
        using var node = new TwoWorkers(IpEndpoint.From(IPAddress.Loopback, 0), EndpointOf(shop));
        using var caller = StreamRig.Connect(node.Tcp);
        var local = StreamSendTests.EndpointOf(caller);
        caller.Send(Invite(IpEndpoint.From(local.Address, local.Port), "TCP", large: false));
        var invite = Receive(shop, "INVITE ");
        shop.SendTo(StreamRig.Bytes(Busy(invite)), Target(node));
        StreamRig.ReadUntil(caller, "SIP/2.0 486");
        node.Streams.Table.Count(SipTransportKind.Tcp, isOutbound: true).ShouldBe(0);
    }

    private static byte[] Invite(in IpEndpoint from, string transport, bool large)
    {
        var body = large ? $"{Sdp}a=fmtp:0 filler={new string('x', 1300)}\r\na=fmtp:0 end\r\n" : Sdp;
        return StreamRig.Bytes(
            $"INVITE sip:0120000001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} {from};branch=z9hG4bK-1;rport\r\n"
            + "Max-Forwards: 70\r\nFrom: <sip:0311110000@127.0.0.1>;tag=f1\r\nTo: <sip:0120000001@127.0.0.1>\r\n"
            + $"Call-ID: large-1\r\nCSeq: 1 INVITE\r\nContact: <sip:c@{from}>\r\n"
            + $"Content-Type: application/sdp\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    private static string Busy(string invite)
    {
        var head = invite[(invite.IndexOf("\r\n", StringComparison.Ordinal) + 2)..];
        var kept = head.Split("\r\n").Where(line => line.StartsWith("Via", StringComparison.Ordinal)
            || line.StartsWith("From", StringComparison.Ordinal) || line.StartsWith("Call-ID", StringComparison.Ordinal)
            || line.StartsWith("CSeq", StringComparison.Ordinal));
        var to = head.Split("\r\n").First(line => line.StartsWith("To:", StringComparison.Ordinal));
        return $"SIP/2.0 486 Busy Here\r\n{string.Join("\r\n", kept)}\r\n{to};tag=shop\r\nContent-Length: 0\r\n\r\n";
    }

    private static string Receive(Socket socket, string start)
    {
        var buffer = new byte[8192];
        while (true)
        {
            var text = Encoding.Latin1.GetString(buffer, 0, socket.Receive(buffer));
            if (text.StartsWith(start, StringComparison.Ordinal)) return text;
        }
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = StreamRig.LimitMs;
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static IPEndPoint Target(TwoWorkers node) => new(IPAddress.Loopback, node.Address.Port);

    private static IpEndpoint EndpointOf(Socket socket) =>
        IpEndpoint.From(IPAddress.Loopback, StreamSendTests.EndpointOf(socket).Port);
}
