using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>Port-unreachable answers on connected sockets: an annoyance, never a break.</summary>
public sealed class RelayRefusalTests
{
    [Fact]
    public void Peer_ThatVanishes_CostsNoPacketOfTheOtherDirectionAndIsTold()
    {
        using var harness = new RelayHarness(new MediaSettings { PeerGoneRefusals = 10 });
        using MediaPeer a = new("127.99.50.1");
        var b = new MediaPeer("127.99.50.2");
        var session = harness.OpenBetween(a, b);
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(1));
        harness.PumpTo(a, out _);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpTo(b, out _);
        var port = b.Endpoint.Port;
        b.Dispose();
        for (var i = 2; i < 40; i++)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            harness.PumpUntil(() => harness.Totals(session, MediaSide.A).Packets == (ulong)i);
        }
        harness.Pump();
        harness.Relay.Counters.Refusals.ShouldBeGreaterThanOrEqualTo(10);
        harness.Totals(session, MediaSide.A).Relayed.ShouldBe(39UL, "each packet was sent, the refused ones twice");
        harness.Pass(ms: 1100);
        harness.Told.ShouldContain("gone 77 B");
        using var back = new MediaPeer("127.99.50.2", port);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(99));
        harness.PumpTo(back, out _).ShouldBe(Packets.Rtp(99));
        back.Send(harness.Local(session, MediaSide.B), Packets.Rtp(98));
        harness.PumpTo(a, out _).ShouldBe(Packets.Rtp(98));
    }

    [Fact]
    public void Destination_ThatCannotBeReached_IsCountedAsSendFailure()
    {
        using var harness = new RelayHarness();
        using MediaPeer a = new("127.99.51.1");
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        // From a loopback source the kernel refuses to send off the machine.
        harness.SetRemote(session, MediaSide.B, RelayHarness.Endpoint("192.0.2.1", 4000)).ShouldBeTrue();
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpUntil(() => harness.Dropped(MediaDropReason.SendFailed) == 1);
        harness.Totals(session, MediaSide.A).Relayed.ShouldBe(0UL);
    }
}
