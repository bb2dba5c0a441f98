using System.Net;
using System.Net.Sockets;
using CallTracker.Node.Streams;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>A node that has no descriptor left for a connection of its own. Alone: it takes them from all.</summary>
[Collection(nameof(StreamDescriptorTests))]
[CollectionDefinition(nameof(StreamDescriptorTests), DisableParallelization = true)]
public sealed class StreamDescriptorTests
{
    [Fact]
    public void Connect_WithoutADescriptor_IsToldToItsWorkerAndTriedAnewLater()
    {
        using var listener = StreamSendTests.Listen();
        var peer = StreamSendTests.EndpointOf(listener);
        var flow = StreamRig.FlowTo(SipTransportKind.Tcp, peer);
        using var rig = new StreamRig(
            new StreamSettings { RetryAfterMs = 50 },
            trunks: [StreamRig.Known(IPAddress.Loopback, peer.Port, SipTransportKind.Tcp)]);
        FailOnce(rig);
        using (new DescriptorLimit())
        {
            rig.Send(flow, StreamRig.Options("none")).ShouldBeTrue();
            rig.Take().Kind.ShouldBe(WorkerMessageKind.SendFailed);
        }
        rig.Hub.Counters.Failures(ConnectFailure.Network).ShouldBe(1);
        rig.Hub.Table.Count(SipTransportKind.Tcp, isOutbound: true).ShouldBe(0);
        // Past RetryAfterMs.
        StreamRig.Until(() => rig.Send(flow, StreamRig.Options("later")));
        using var accepted = listener.Accept();
        accepted.ReceiveTimeout = StreamRig.LimitMs;
        StreamRig.ReadUntil(accepted, "\r\n\r\n").ShouldContain("Call-ID: later");
    }

    // All code of the way is loaded before no file can be opened any more.
    private static void FailOnce(StreamRig rig)
    {
        IPEndPoint closed;
        using (var socket = StreamSendTests.Listen()) closed = StreamSendTests.EndpointOf(socket);
        rig.Send(StreamRig.FlowTo(SipTransportKind.Tcp, closed), StreamRig.Options("warm")).ShouldBeTrue();
        rig.Take().Kind.ShouldBe(WorkerMessageKind.SendFailed);
        using (new DescriptorLimit())
            Should.Throw<SocketException>(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, default));
    }
}
