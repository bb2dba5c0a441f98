using System.Net;
using System.Net.Sockets;
using CallTracker.Calls.Routing;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>What comes in over connections: order, bounds, and whom nobody listens to.</summary>
public sealed class StreamReceiveTests
{
    [Fact]
    public void Messages_InOneWriteAndInSingleBytes_ArriveWholeAndInOrder()
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        var texts = Enumerable.Range(0, 50).Select(i => StreamRig.Options($"m{i}", body: new string('x', i))).ToArray();
        peer.Send(StreamRig.Bytes(string.Concat(texts[..40])));
        foreach (var octet in StreamRig.Bytes(string.Concat(texts[40..]))) peer.Send([octet]);
        foreach (var text in texts)
        {
            var (kind, seen, flow) = rig.Take();
            kind.ShouldBe(WorkerMessageKind.Datagram);
            seen.ShouldBe(text);
            (flow.Kind, flow.Connection).ShouldBe((SipTransportKind.Tcp, 1u));
            flow.Remote.Port.ShouldBe((ushort)((IPEndPoint)peer.LocalEndPoint!).Port);
        }
        rig.Hub.Counters.Received.ShouldBe(50);
    }

    [Fact]
    public void Messages_OfSeveralCalls_GoToTheirWorkers()
    {
        using var rig = new StreamRig(workers: 3);
        using var peer = StreamRig.Connect(rig.TcpOfV6);
        var owners = new HashSet<int>();
        for (var i = 0; i < 30; i++)
        {
            var text = StreamRig.Options($"call{i}");
            var view = new SipMessage();
            var bytes = StreamRig.Bytes(text);
            view.Parse(bytes, 0, bytes.Length);
            peer.Send(bytes);
            var owner = MessageOwner.Find(view, new CallSpread(3, gathers: false)).First;
            rig.Take(owner).Text.ShouldBe(text);
            owners.Add(owner);
        }
        owners.Count.ShouldBe(3);
    }

    [Fact]
    public void Message_OfTheLongestKind_IsTaken()
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        var empty = StreamRig.Options("long").Length;
        var text = StreamRig.Options("long", body: new string('x', SipMessage.LengthMax - empty - 4));
        peer.Send(StreamRig.Bytes(text + StreamRig.Options("next")));
        rig.Take().Text.ShouldBe(text);
        rig.Take().Text.ShouldContain("Call-ID: next");
    }

    [Fact]
    public void Ping_OnAConnection_IsAnsweredWithPong()
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        peer.Send("\r\n\r\n"u8);
        StreamRig.ReadUntil(peer, "\r\n").ShouldBe("\r\n");
        rig.HasMail().ShouldBeFalse();
        rig.Hub.Counters.Pings.ShouldBe(1);
    }

    [Theory]
    [InlineData("Content-Length: 0\r\n", "", "400")]
    [InlineData("Content-Length: 0\r\n", "Content-Length: x\r\n", "400")]
    [InlineData("Content-Length: 0\r\n", "Content-Length: 70000\r\n", "513")]
    public void Request_ThatCannotBeCut_IsAnsweredAndTheConnectionClosed(string old, string replacement, string code)
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        var text = StreamRig.Options("bad").Replace(old, replacement, StringComparison.Ordinal);
        peer.Send(StreamRig.Bytes(text + new string('x', 20_000)));
        var answer = StreamRig.ReadUntil(peer, "\r\n\r\n");
        answer.ShouldStartWith($"SIP/2.0 {code} ");
        answer.ShouldContain("Call-ID: bad");
        StreamRig.IsEnded(peer).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.BadFraming) == 1);
        rig.HasMail().ShouldBeFalse();
    }

    [Fact]
    public void Garbage_OfSixtyFourKilobytes_ClosesTheConnectionAndNoOther()
    {
        using var rig = new StreamRig();
        using var good = StreamRig.Connect(rig.Tcp);
        using var bad = StreamRig.Connect(rig.Tcp);
        var noise = new byte[64 * 1024];
        new Random(5).NextBytes(noise);
        noise[0] = 0x16;
        bad.Send(noise);
        StreamRig.IsEnded(bad).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Garbage) == 1);
        good.Send(StreamRig.Bytes(StreamRig.Options("after")));
        rig.Take().Text.ShouldContain("Call-ID: after");
    }

    [Fact]
    public void Message_ComingTooSlowly_ClosesItsConnection()
    {
        using var rig = new StreamRig(new StreamSettings { PartialMsMax = 300 });
        using var slow = StreamRig.Connect(rig.Tcp);
        using var idle = StreamRig.Connect(rig.Tcp);
        // Each byte is progress, and yet the message has its time.
        var text = StreamRig.Bytes(StreamRig.Options("slow"));
        var sent = 0;
        while (rig.Hub.Counters.Closed(CloseCause.PartialMessage) == 0 && sent < text.Length - 1)
        {
            // It may be closed before that is counted.
            if (!IsSent(slow, text[sent++])) break;
            // A peer that dawdles: slower than the message may take, faster than silence.
            Thread.Sleep(20);
        }
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.PartialMessage) == 1);
        StreamRig.IsEnded(slow).ShouldBeTrue();
        idle.Send(StreamRig.Bytes(StreamRig.Options("idle")));
        rig.Take().Text.ShouldContain("Call-ID: idle");
    }

    [Fact]
    public void Connection_WithoutTraffic_IsClosedWhenItsTimeIsUp()
    {
        using var rig = new StreamRig(new StreamSettings { IdleMs = 300 });
        using var peer = StreamRig.Connect(rig.Tcp);
        StreamRig.IsEnded(peer).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.Idle) == 1);
        // It leaves the table once it is counted.
        StreamRig.Until(() => rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: false) == 0);
    }

    [Fact]
    public void Stranger_Connecting_IsClosedUnread()
    {
        using var rig = new StreamRig();
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        stranger.ReceiveTimeout = StreamRig.LimitMs;
        stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.77"), 0));
        stranger.Connect(rig.Tcp);
        StreamRig.IsEnded(stranger).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Refused(RefuseCause.UnknownSource) == 1);
        rig.Hub.Counters.Opened(SipTransportKind.Tcp, isOutbound: false).ShouldBe(0);
    }

    [Fact]
    public void Trunk_TakenAway_EndsItsConnectionAtTheNextMessage()
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        peer.Send(StreamRig.Bytes(StreamRig.Options("first")));
        rig.Take();
        rig.Trunks = TrunkTable.Empty;
        peer.Send(StreamRig.Bytes(StreamRig.Options("second")));
        StreamRig.IsEnded(peer).ShouldBeTrue();
        StreamRig.Until(() => rig.Hub.Counters.Closed(CloseCause.UnknownSource) == 1);
        rig.HasMail().ShouldBeFalse();
    }

    [Theory]
    [InlineData(2, 64, RefuseCause.Limit)]
    [InlineData(64, 2, RefuseCause.SourceLimit)]
    public void Connections_BeyondTheLimit_AreRefusedUntilOneGoes(int all, int perSource, object cause)
    {
        using var rig = new StreamRig(
            new StreamSettings { ConnectionsMax = all, ConnectionsPerSourceMax = perSource });
        var first = StreamRig.Connect(rig.Tcp);
        using var second = StreamRig.Connect(rig.Tcp);
        StreamRig.Until(() => rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: false) == 2);
        using var third = StreamRig.Connect(rig.Tcp);
        StreamRig.IsEnded(third).ShouldBeTrue();
        rig.Hub.Counters.Refused((RefuseCause)cause).ShouldBe(1);
        first.Dispose();
        StreamRig.Until(() => rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: false) == 1);
        using var fourth = StreamRig.Connect(rig.Tcp);
        fourth.Send(StreamRig.Bytes(StreamRig.Options("fourth")));
        rig.Take().Text.ShouldContain("Call-ID: fourth");
    }

    [Fact]
    public void Worker_WithoutRoom_MakesTheReaderWaitAndLosesNothing()
    {
        using var rig = new StreamRig();
        using var peer = StreamRig.Connect(rig.Tcp);
        rig.Stuff();
        for (var i = 0; i < 20; i++) peer.Send(StreamRig.Bytes(StreamRig.Options($"w{i}")));
        StreamRig.Until(() => rig.Hub.Counters.Waits > 0);
        var next = 0;
        StreamRig.Until(() =>
        {
            rig.TakeAll(ref next);
            return next == 20;
        });
    }

    private static bool IsSent(Socket socket, byte value)
    {
        try
        {
            return socket.Send([value]) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
