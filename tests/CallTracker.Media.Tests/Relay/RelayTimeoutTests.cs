using CallTracker.Media.Relay;
using CallTracker.Media.Sdp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>Time-outs per direction, aware of hold, on hand-driven time.</summary>
public sealed class RelayTimeoutTests
{
    private const int HoldMs = 300_000;
    private static readonly MediaSettings Settings =
        new() { SilenceMsMax = 60_000, HoldMsMax = HoldMs, FirstPacketMsMax = 10_000 };

    [Fact]
    public void Silence_OfOneDirectionOnly_IsToldForThatSideOnce()
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.40.1"), b = new("127.99.40.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: true);
        for (var s = 0; s < 58; s++)
        {
            harness.Pass(ms: 1000);
            Talk(harness, session, a, b, fromA: true, fromB: false);
        }
        harness.Told.ShouldBe(["first 77 A", "first 77 B"]);
        for (var s = 0; s < 100; s++)
        {
            harness.Pass(ms: 1000);
            Talk(harness, session, a, b, fromA: true, fromB: false);
        }
        harness.Told.ShouldBe(["first 77 A", "first 77 B", "timeout 77 B Silence"]);
        Talk(harness, session, a, b, fromA: false, fromB: true);
        harness.Pass(ms: 62_000);
        harness.Told.Count(told => told == "timeout 77 B Silence").ShouldBe(2, "a new silence is told again");
    }

    [Fact]
    public void FirstPacket_ThatNeverComes_IsToldApart()
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.41.1"), b = new("127.99.41.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: false);
        harness.Pass(ms: 9900);
        harness.Told.ShouldBe(["first 77 A"]);
        harness.Pass(ms: 1300);
        harness.Told.ShouldBe(["first 77 A", "timeout 77 B FirstPacket"]);
    }

    [Fact]
    public void Silence_BeforeTheAnswer_DoesNotCount()
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.42.1"), b = new("127.99.42.2");
        var session = harness.Open();
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        harness.SetRemote(session, MediaSide.B, b.Endpoint);
        harness.Pass(ms: 300_000);
        harness.Told.ShouldBeEmpty();
        harness.Relay.MarkAnswered(session, harness.NowMs);
        harness.Pass(ms: 12_000);
        harness.Told.ShouldBe(["timeout 77 A FirstPacket", "timeout 77 B FirstPacket"]);
    }

    [Theory]
    [InlineData(SdpDirection.SendOnly, SdpDirection.RecvOnly, true, false)]
    [InlineData(SdpDirection.RecvOnly, SdpDirection.SendOnly, false, true)]
    [InlineData(SdpDirection.SendOnly, SdpDirection.SendRecv, true, false)]
    [InlineData(SdpDirection.Inactive, SdpDirection.Inactive, false, false)]
    [InlineData(SdpDirection.SendRecv, SdpDirection.SendRecv, true, true)]
    public void Silence_OnHold_CountsOnlyForTheSideThatShouldSendAndOnlyAfterTheHoldsTime(
        SdpDirection directionA, SdpDirection directionB, bool expectA, bool expectB)
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.43.1"), b = new("127.99.43.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: true);
        harness.SetRemote(session, MediaSide.A, a.Endpoint, direction: directionA);
        harness.SetRemote(session, MediaSide.B, b.Endpoint, direction: directionB);
        // Phones hold in silence for minutes: what is dead within a minute of talk is no more than quiet here.
        harness.Pass(ms: HoldMs - 2000);
        var isHeld = (directionA, directionB) != (SdpDirection.SendRecv, SdpDirection.SendRecv);
        harness.Told.Any(told => told.StartsWith("timeout", StringComparison.Ordinal)).ShouldBe(!isHeld);
        harness.Pass(ms: 4000);
        harness.Told.Contains("timeout 77 A Silence").ShouldBe(expectA);
        harness.Told.Contains("timeout 77 B Silence").ShouldBe(expectB);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Silence_OfAHolderThatShowsLife_CountsFromThere(bool byRtcp)
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.47.1"), b = new("127.99.47.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: true);
        harness.SetRemote(session, MediaSide.A, a.Endpoint, mux: true, direction: SdpDirection.SendOnly);
        harness.SetRemote(session, MediaSide.B, b.Endpoint, mux: true, direction: SdpDirection.RecvOnly);
        harness.Pass(ms: HoldMs - 2000);
        if (byRtcp) SendRtcp(harness, session, a);
        else harness.Relay.MarkAlive(session, MediaSide.A, harness.NowMs);
        harness.Pass(ms: HoldMs - 2000);
        harness.Told.ShouldBe(["first 77 A", "first 77 B"]);
        harness.Pass(ms: 4000);
        harness.Told.ShouldBe(["first 77 A", "first 77 B", "timeout 77 A Silence"]);
    }

    [Fact]
    public void Silence_OfATalkerThatShowsLife_CountsAllTheSame()
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.48.1"), b = new("127.99.48.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: true);
        harness.Pass(ms: 58_000);
        harness.Relay.MarkAlive(session, MediaSide.A, harness.NowMs);
        harness.Pass(ms: 4000);
        harness.Told.ShouldContain("timeout 77 A Silence");
    }

    [Fact]
    public void Hold_WithoutALimit_EndsNothing()
    {
        using var harness = new RelayHarness(new MediaSettings { SilenceMsMax = 60_000, HoldMsMax = 0 });
        using MediaPeer a = new("127.99.49.1"), b = new("127.99.49.2");
        var session = harness.OpenBetween(a, b);
        harness.SetRemote(session, MediaSide.A, a.Endpoint, direction: SdpDirection.SendOnly);
        harness.Pass(ms: 7_200_000);
        harness.Told.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(SdpDirection.Inactive)]
    [InlineData(SdpDirection.SendOnly)]
    public void Silence_AfterResumeOfAHolder_CountsFromTheResume(SdpDirection held)
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.50.1"), b = new("127.99.50.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: true);
        harness.SetRemote(session, MediaSide.A, a.Endpoint, direction: held);
        harness.Pass(ms: HoldMs - 10_000);
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        harness.Pass(ms: 58_000);
        harness.Told.ShouldBe(["first 77 A", "first 77 B"]);
        harness.Pass(ms: 4000);
        harness.Told.ShouldContain("timeout 77 A Silence");
    }

    [Fact]
    public void Silence_AfterResume_CountsFromTheResume()
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.44.1"), b = new("127.99.44.2");
        var session = harness.OpenBetween(a, b);
        Talk(harness, session, a, b, fromA: true, fromB: true);
        harness.SetRemote(session, MediaSide.A, a.Endpoint, direction: SdpDirection.Inactive);
        harness.Pass(ms: 600_000);
        harness.SetRemote(session, MediaSide.A, a.Endpoint);
        harness.Pass(ms: 59_000);
        harness.Told.ShouldBe(["first 77 A", "first 77 B"]);
        harness.Pass(ms: 2200);
        harness.Told.Count.ShouldBe(4);
    }

    [Fact]
    public void Session_ClosedOnTimeout_IsNotLookedAtAgain()
    {
        using var harness = new RelayHarness(Settings);
        using MediaPeer a = new("127.99.45.1"), b = new("127.99.45.2");
        harness.CloseOnEvent();
        harness.OpenBetween(a, b);
        harness.Pass(ms: 30_000);
        harness.Told.ShouldBe(["timeout 77 A FirstPacket"]);
        harness.Relay.OpenSessions.ShouldBe(0);
        harness.Ports.IdlePairCount.ShouldBe(harness.Ports.PairCount);
    }

    [Fact]
    public void Timeouts_SwitchedOff_TellNothing()
    {
        using var harness = new RelayHarness(new MediaSettings { SilenceMsMax = 0 });
        using MediaPeer a = new("127.99.46.1"), b = new("127.99.46.2");
        harness.OpenBetween(a, b);
        harness.Pass(ms: 600_000);
        harness.Told.ShouldBeEmpty();
    }

    private static void SendRtcp(RelayHarness harness, int session, MediaPeer from)
    {
        from.Send(harness.Local(session, MediaSide.A), Packets.Rtcp());
        harness.PumpUntil(() =>
            harness.Relay.TryReadTotals(session, MediaSide.A, out var totals) && totals.RtcpPackets == 1);
    }

    private static void Talk(
        RelayHarness harness, int session, MediaPeer a, MediaPeer b, bool fromA, bool fromB)
    {
        if (fromA)
        {
            a.Send(harness.Local(session, MediaSide.A), Packets.Rtp(1));
            harness.PumpTo(b, out _);
        }
        if (!fromB) return;
        b.Send(harness.Local(session, MediaSide.B), Packets.Rtp(1));
        harness.PumpTo(a, out _);
    }
}
