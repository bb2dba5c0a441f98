using System.Net;
using System.Net.Sockets;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>What goes out over connections: which one, and what happens when there is none.</summary>
public sealed class StreamSendTests
{
    [Fact]
    public void Response_WhileItsConnectionLives_GoesBackOnIt()
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        var request = StreamRig.Options("back");
        peer.Send(StreamRig.Bytes(request));
        var (_, text, flow) = rig.Take();
        rig.Send(flow, StreamRig.Answer(text)).ShouldBeTrue();
        StreamRig.ReadUntil(peer, "\r\n\r\n").ShouldBe(StreamRig.Answer(request));
        rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: true).ShouldBe(0);
    }

    [Fact]
    public void Response_WhenItsConnectionIsGone_GoesToThePortOfTheVia()
    {
        using var rig = new StreamRig();
        using var listener = Listen();
        var peer = StreamRig.Connect(rig.Tcp);
        peer.Send(StreamRig.Bytes(StreamRig.Options("gone", port: PortOf(listener))));
        var (_, text, flow) = rig.Take();
        peer.Dispose();
        StreamRig.Until(() => rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: false) == 0);
        rig.Send(flow, StreamRig.Answer(text)).ShouldBeTrue();
        using var again = listener.Accept();
        StreamRig.ReadUntil(again, "\r\n\r\n").ShouldContain("Call-ID: gone");
    }

    [Fact]
    public void Requests_ToOnePeer_ShareOneConnectionInTheirOrder()
    {
        using var rig = new StreamRig();
        using var listener = Listen();
        var flow = StreamRig.FlowTo(SipTransportKind.Tcp, EndpointOf(listener));
        for (var i = 0; i < 30; i++) rig.Send(flow, StreamRig.Options($"r{i}")).ShouldBeTrue();
        using var peer = listener.Accept();
        peer.ReceiveTimeout = StreamRig.LimitMs;
        var seen = StreamRig.ReadUntil(peer, "Call-ID: r29\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
        seen.ShouldBe(string.Concat(Enumerable.Range(0, 30).Select(i => StreamRig.Options($"r{i}"))));
        rig.Hub.Counters.Opened(SipTransportKind.Tcp, isOutbound: true).ShouldBe(1);
        // What the peer asks on it is heard, and answered on it.
        peer.Send(StreamRig.Bytes(StreamRig.Options("peer")));
        var (_, text, back) = rig.Take();
        rig.Send(back, StreamRig.Answer(text)).ShouldBeTrue();
        StreamRig.ReadUntil(peer, "Call-ID: peer");
    }

    [Fact]
    public void Request_ToAClosedPort_IsToldToItsWorkerAndForAWhileRefusedAtOnce()
    {
        using var rig = new StreamRig(new StreamSettings { RetryLargeAfterMs = 200 });
        var flow = StreamRig.FlowTo(SipTransportKind.Tcp, ClosedPort());
        var request = StreamRig.Options("lost");
        rig.Send(flow, request).ShouldBeTrue();
        rig.Take().ShouldSatisfyAllConditions(
            mail => mail.Kind.ShouldBe(WorkerMessageKind.SendFailed), mail => mail.Text.ShouldBe(request));
        rig.Hub.Counters.Failures(ConnectFailure.Refused).ShouldBe(1);
        rig.Send(flow, request).ShouldBeFalse();
        // Past RetryLargeAfterMs.
        Thread.Sleep(250);
        rig.Send(flow, request).ShouldBeTrue();
        rig.Take().Kind.ShouldBe(WorkerMessageKind.SendFailed);
    }

    [Fact]
    public void Request_OnAConnectionThatDied_GoesOverANewOne()
    {
        using var rig = new StreamRig();
        using var listener = Listen();
        var flow = StreamRig.FlowTo(SipTransportKind.Tcp, EndpointOf(listener));
        rig.Send(flow, StreamRig.Options("one")).ShouldBeTrue();
        var first = listener.Accept();
        StreamRig.ReadUntil(first, "Call-ID: one");
        first.Dispose();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Peer) == 1);
        rig.Send(flow, StreamRig.Options("two")).ShouldBeTrue();
        using var second = listener.Accept();
        second.ReceiveTimeout = StreamRig.LimitMs;
        StreamRig.ReadUntil(second, "Call-ID: two");
    }

    [Fact]
    public void Peer_ThatReadsNothing_FillsItsQueueAndIsGivenUp()
    {
        using var rig = new StreamRig(new StreamSettings { QueuedBytesMax = 100_000, WriteMsMax = 300 });
        using var peer = StreamRig.Connect(rig.Tcp);
        peer.Send(StreamRig.Bytes(StreamRig.Options("deaf")));
        var (_, text, flow) = rig.Take();
        var answer = StreamRig.Answer(text).Replace("Content-Length: 0\r\n\r\n",
            $"Content-Length: 40000\r\n\r\n{new string('x', 40_000)}", StringComparison.Ordinal);
        var counters = rig.Hub.Counters;
        StreamRig.Until(() =>
        {
            for (var i = 0; i < 20; i++) rig.Send(flow, answer);
            // The kernel gives the peer up after the same time; whichever is first closes the connection.
            return counters.Closed(CloseCause.WriteStalled) + counters.Closed(CloseCause.Peer) == 1;
        });
        counters.QueueFull.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Hub_WithoutRoomForConnections_RefusesToOpenOne()
    {
        using var rig = new StreamRig(new StreamSettings { ConnectionsMax = 1 });
        using var listener = Listen();
        using var peer = StreamRig.Connect(rig.Tcp);
        StreamRig.Until(() => rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: false) == 1);
        rig.Send(StreamRig.FlowTo(SipTransportKind.Tcp, EndpointOf(listener)), StreamRig.Options("x")).ShouldBeFalse();
        rig.Hub.Counters.Refused(RefuseCause.Limit).ShouldBe(1);
    }

    [Fact]
    public void Connect_ToASilentAddress_IsGivenUpInTime()
    {
        using var rig = new StreamRig(new StreamSettings { ConnectMsMax = 300 });
        // A full backlog: the kernel drops further attempts in silence.
        using var listener = Listen(backlog: 0);
        using var filler = StreamRig.Connect(EndpointOf(listener));
        var fillers = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Blocking = false;
            fillers.Add(socket);
            try
            {
                socket.Connect(EndpointOf(listener));
            }
            catch (SocketException)
            {
                // Under way, for ever.
            }
        }
        var flow = StreamRig.FlowTo(SipTransportKind.Tcp, EndpointOf(listener));
        rig.Send(flow, StreamRig.Options("silence")).ShouldBeTrue();
        rig.Take().Kind.ShouldBe(WorkerMessageKind.SendFailed);
        rig.Hub.Counters.Failures(ConnectFailure.TimedOut).ShouldBe(1);
        foreach (var socket in fillers) socket.Dispose();
    }

    internal static Socket Listen(int backlog = 16)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = StreamRig.LimitMs,
        };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
    }

    internal static IPEndPoint EndpointOf(Socket socket) => (IPEndPoint)socket.LocalEndPoint!;

    private static int PortOf(Socket socket) => EndpointOf(socket).Port;

    private static IPEndPoint ClosedPort()
    {
        using var socket = Listen();
        return EndpointOf(socket);
    }
}
