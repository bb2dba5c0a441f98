using System.Net;
using System.Text;
using CallTracker.Core.Net;
using CallTracker.Node.Workers;
using CallTracker.Sip.Tokens;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>The kernel runs the program on sockets that share a port: which of them gets what.</summary>
public sealed class SipSteeringTests : IDisposable
{
    private const int Workers = 20;
    private const int Rounds = 8;
    private static readonly string Rest = "Max-Forwards: 70\r\n" + new string('x', 400);
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<int> _sockets = [];
    private readonly List<int> _peers = [];
    private IpEndpoint _port;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Response_WithABranchOfAWorker_ReachesIt(string address)
    {
        Open(address);

        for (byte worker = 0; worker < Workers; worker++)
        {
            Reached($"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;rport=5060;branch={Branch(worker)}\r\n{Rest}")
                .ShouldBe([worker]);
            Reached($"SIP/2.0 180 Ringing\r\nv: SIP/2.0/UDP [2001:db8::1];branch={Branch(worker)}\r\n{Rest}")
                .ShouldBe([worker]);
        }
    }

    [Theory]
    [InlineData("ACK")]
    [InlineData("BYE")]
    [InlineData("INFO")]
    [InlineData("PRACK")]
    [InlineData("INVITE")]
    [InlineData("OPTIONS")]
    [InlineData("SUBSCRIBE")]
    public void Request_ToTheContactOfAWorker_ReachesIt(string method)
    {
        Open("127.0.0.1");

        for (byte worker = 0; worker < Workers; worker++)
            Reached($"{method} sip:{User(worker)}@192.0.2.1:5060 SIP/2.0\r\n{Rest}").ShouldBe([worker]);
    }

    // From many peers, so that the kernel's hash shows: it spreads them over the sockets.
    [Theory]
    [InlineData("INVITE sip:0312345678@192.0.2.1 SIP/2.0\r\n", 400)]
    [InlineData("INVITE sip:ctzz@192.0.2.1 SIP/2.0\r\n", 400)]
    [InlineData("INVITE sip:ct~~@192.0.2.1 SIP/2.0\r\n", 400)]
    [InlineData("ACK sip:ct01@192.0.2.1 SIP/2.0\r\n", 0)]
    [InlineData("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKff00\r\n", 400)]
    [InlineData("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=other\r\n", 400)]
    [InlineData("\r\n\r\n", 0)]
    public void Datagram_WithoutAWorker_IsSpread(string text, int filler)
    {
        Open("127.0.0.1");

        var reached = Enumerable.Range(0, Rounds).SelectMany(_ => Reached(text + new string('x', filler))).ToHashSet();

        reached.Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Datagram_OfAWorkerThatIsNotThere_IsTakenByAnother()
    {
        Open("127.0.0.1");

        Reached($"BYE sip:{User(Workers)}@192.0.2.1 SIP/2.0\r\n{Rest}").Length.ShouldBe(1);
    }

    public void Dispose()
    {
        foreach (var socket in _sockets.Concat(_peers)) UdpSocket.Close(socket);
    }

    private static string Branch(byte worker)
    {
        Span<byte> text = stackalloc byte[SipTokens.BranchLength];
        return Encoding.ASCII.GetString(new SipTokens(worker, 1).WriteBranch(text));
    }

    private static string User(byte worker)
    {
        Span<byte> text = stackalloc byte[SipTokens.UserLength];
        return Encoding.ASCII.GetString(new SipTokens(worker, 1).WriteUser(text));
    }

    private void Open(string address)
    {
        _port = IpEndpoint.From(IPAddress.Parse(address), 0);
        for (var i = 0; i < Workers; i++)
        {
            var socket = UdpSocket.Open(_port, 0, reusePort: true);
            socket.ShouldBeGreaterThan(0);
            _sockets.Add(socket);
            _port = UdpSocket.LocalEndpoint(socket);
        }
        UdpSocket.Steer(_sockets[0], SipSteering.Program).ShouldBe(0);
    }

    // Loopback delivers within the send: what was sent is there.
    private int[] Reached(string text)
    {
        var peer = UdpSocket.Open(_port.WithPort(0), 0, reusePort: false);
        _peers.Add(peer);
        UdpSocket.SendTo(peer, Encoding.ASCII.GetBytes(text), _port).ShouldBe(text.Length);
        return [.. Enumerable.Range(0, Workers).Where(i => UdpSocket.Receive(_sockets[i], _buffer) > 0)];
    }
}
