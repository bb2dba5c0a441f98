using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>A flood to one RTP port by io_uring: calls notice nothing, and a port of no call rests.</summary>
public sealed class RelayFloodTests
{
    private const int Sent = 150;

    [Fact]
    public void Flood_ToAnIdlePort_RestsThePortAndIsCountedInTheEnd()
    {
        using var harness = new RelayHarness(isRing: true);
        using var stranger = new MediaPeer("127.99.50.1");
        var local = IdlePort(harness);
        Flood(stranger, local);
        harness.Pump();
        harness.Ports.Ring!.Pauses.ShouldBe(1);
        var first = harness.Ports.StrayDatagrams;
        first.ShouldBeInRange(FloodGate.RunMax, Sent - 1);
        harness.NowMs += FloodGate.RestMs - 1;
        harness.Pump().ShouldBe(0, "the port still rests");
        harness.Relay.NextDelayMs(harness.NowMs).ShouldBe(1);
        for (var rest = 0; rest < Sent / FloodGate.RunMax; rest++)
        {
            harness.NowMs += FloodGate.RestMs;
            // The first turn ends the rest, the next receives.
            harness.Pump();
            harness.Pump();
        }
        harness.Ports.StrayDatagrams.ShouldBe(Sent);
        harness.Relay.NextDelayMs(harness.NowMs).ShouldBe(-1);
    }

    [Fact]
    public void Flood_BesideACall_TakesNothingFromIt()
    {
        using var harness = new RelayHarness(isRing: true);
        using MediaPeer a = new("127.99.51.1"), b = new("127.99.51.2"), stranger = new("127.99.51.3");
        var idle = IdlePort(harness);
        var session = harness.OpenBetween(a, b);
        for (var i = 0; i < 20; i++)
        {
            Flood(stranger, idle, 40);
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(i));
            harness.Pump();
            harness.NowMs += 20;
        }
        b.ReceiveSequences().ShouldBe(Enumerable.Range(0, 20));
        harness.Ports.Ring!.Pauses.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Flood_ToACallsPort_IsReceivedWholeAsTheCallIsAmongIt()
    {
        using var harness = new RelayHarness(isRing: true);
        using MediaPeer a = new("127.99.52.1"), b = new("127.99.52.2"), stranger = new("127.99.52.3");
        var session = harness.OpenBetween(a, b);
        Flood(stranger, harness.Local(session, MediaSide.A));
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(1));
        harness.Totals(session, MediaSide.A).Dropped.ShouldBe((ulong)Sent);
        harness.Ports.Ring!.Pauses.ShouldBe(0);
    }

    [Fact]
    public void Strays_OfManyTurns_AreNoFlood()
    {
        using var harness = new RelayHarness(isRing: true);
        using var stranger = new MediaPeer("127.99.53.1");
        var local = IdlePort(harness);
        for (var i = 0; i < 3 * FloodGate.RunMax; i++)
        {
            Flood(stranger, local, 1);
            harness.Pump().ShouldBe(1);
        }
        harness.Ports.Ring!.Pauses.ShouldBe(0);
    }

    [Fact]
    public void Call_ThatIsGivenARestingPort_IsHeardAfterTheRest()
    {
        using var harness = new RelayHarness(pairs: 2, isRing: true);
        using MediaPeer a = new("127.99.54.1"), b = new("127.99.54.2"), stranger = new("127.99.54.3");
        Flood(stranger, IdlePort(harness));
        harness.Pump();
        harness.Ports.Ring!.Pauses.ShouldBe(1);
        var session = harness.OpenBetween(a, b);
        a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
        harness.NowMs += FloodGate.RestMs;
        harness.PumpTo(b, out _).ShouldBe(Packets.Rtp(1));
    }

    private static void Flood(MediaPeer from, IpEndpoint to, int count = Sent)
    {
        for (var i = 0; i < count; i++) from.Send(to, Packets.Rtp(i));
    }

    private static IpEndpoint IdlePort(RelayHarness harness)
    {
        var session = harness.Open();
        var local = harness.Local(session, MediaSide.A);
        harness.Relay.Close(session, out _, out _);
        return local;
    }
}
