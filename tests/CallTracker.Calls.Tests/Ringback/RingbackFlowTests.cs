using CallTracker.Calls.Ringback;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Ringback;

/// <summary>
/// What a waiting caller is told and hears: 18x in every order, with a real socket for the caller's RTP.
/// </summary>
public sealed class RingbackFlowTests : IDisposable
{
    private readonly int _caller = UdpSocket.Open(Harness.At(0), 0, reusePort: false);
    private readonly byte[] _packet = new byte[512];

    private int CallerPort => UdpSocket.LocalEndpoint(_caller).Port;

    public void Dispose() => UdpSocket.Close(_caller);

    [Theory]
    [InlineData("180", "180")]
    [InlineData("183", "180")]
    [InlineData("183s 180", "183s 180")]
    [InlineData("180 183s", "180 183s")]
    [InlineData("183s 180 180 183s", "183s 180 180 183s")]
    [InlineData("180s", "180s")]
    [InlineData("181 182", "180 180")]
    public void Provisionals_InAnyOrder_AllReachTheCaller(string fromShop, string toCaller)
    {
        using var node = new Harness();
        var invite = node.Dial();
        foreach (var word in fromShop.Split(' ')) Ring(node, invite, word);
        var told = node.TakeSent(Harness.Carrier).Select(m => m.Code + (m.Body.Length > 0 ? "s" : ""));
        told.ShouldBe(toCaller.Split(' '));
    }

    [Theory]
    [InlineData("180", 0)]
    [InlineData("183", 0)]
    [InlineData("183s", 85)]
    [InlineData("180s", 85)]
    [InlineData("183s 180", 85)]
    public void Caller_WaitingTwoSeconds_HearsTheToneOnlyAfterEarlyMedia(string fromShop, int packets)
    {
        using var node = new Harness();
        var invite = Dial(node);
        foreach (var word in fromShop.Split(' ')) Ring(node, invite, word);
        node.Pass(2000);
        Heard().ShouldBeInRange(packets, packets + 1);
    }

    [Fact]
    public void Setting_Off_PlaysNothing()
    {
        using var node = new Harness(settings: Harness.DefaultSettings with { Ringback = RingbackMode.Off });
        Ring(node, Dial(node), "183s");
        node.Pass(1000);
        Heard().ShouldBe(0);
    }

    [Theory]
    [InlineData(RingbackMode.Auto, TrunkRingback.Inherit, true)]
    [InlineData(RingbackMode.Auto, TrunkRingback.Off, false)]
    [InlineData(RingbackMode.Auto, TrunkRingback.On, true)]
    [InlineData(RingbackMode.Off, TrunkRingback.Inherit, false)]
    [InlineData(RingbackMode.Off, TrunkRingback.On, true)]
    public void Setting_OfTheDestinationsTrunk_GoesBeforeTheNodes(
        RingbackMode ofNode, TrunkRingback ofTrunk, bool plays)
    {
        using var node = new Harness(settings: Harness.DefaultSettings with { Ringback = ofNode });
        node.UseTrunks(ringback: ofTrunk);
        Ring(node, Dial(node), "183s");
        node.Pass(1000);
        (Heard() > 0).ShouldBe(plays);
    }

    [Theory]
    [InlineData("18")]
    [InlineData("4 101")]
    public void Codec_WithoutATone_PlaysNothing(string formats)
    {
        using var node = new Harness();
        var sdp = Peer.Sdp(42000).Replace("RTP/AVP 0 101", "RTP/AVP " + formats, StringComparison.Ordinal);
        node.Deliver(Peer.Answer(Dial(node), 183, sdp), Harness.Shop);
        node.Pass(1000);
        Heard().ShouldBe(0);
    }

    [Fact]
    public void Protocol_SrtpToAPlainOffer_PlaysNothing()
    {
        using var node = new Harness();
        var sdp = Peer.Sdp(42000).Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal);
        node.Deliver(Peer.Answer(Dial(node), 183, sdp), Harness.Shop);
        node.Pass(1000);
        Heard().ShouldBe(0);
    }

    [Fact]
    public void Answer_WhileTheTonePlays_EndsIt()
    {
        using var node = new Harness();
        var invite = Dial(node);
        Ring(node, invite, "183s");
        node.Pass(1000);
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        Heard().ShouldBeGreaterThan(30);
        node.Pass(1000);
        Heard().ShouldBe(0);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(503)]
    public void Refusal_WhileTheTonePlays_EndsItWithTheCall(int code)
    {
        using var node = new Harness();
        var invite = Dial(node);
        Ring(node, invite, "183s");
        node.Pass(1000);
        node.Deliver(Peer.Answer(invite, code), Harness.Shop);
        Heard().ShouldBeGreaterThan(30);
        node.Pass(1000);
        Heard().ShouldBe(0);
        node.Pass(40_000);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void NextDestination_RingingWithoutSdp_IsHeardAllTheSame()
    {
        using var node = new Harness();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0387654321", 20_000)));
        var first = Dial(node);
        Ring(node, first, "183s");
        node.Pass(1000);
        Heard().ShouldBeGreaterThan(30);
        node.Deliver(Peer.Answer(first, 486), Harness.Shop);
        var second = node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE");
        // Nobody rings yet.
        node.Pass(1000);
        Heard().ShouldBe(0);
        Ring(node, second, "180");
        node.Pass(1000);
        Heard().ShouldBeGreaterThan(30);
    }

    [Fact]
    public void NextDelay_WhileTheTonePlays_WakesTheWorkerInTime()
    {
        using var node = new Harness();
        Ring(node, Dial(node), "183s");
        node.Pass(500);
        node.Engine.NextDelayMs(node.Now.NowMs).ShouldBeInRange(0, 20);
    }

    private SentMessage Dial(Harness node) => node.Dial(Peer.Invite(body: Peer.Sdp(CallerPort)));

    // 183 or 183s: with SDP.
    private static void Ring(Harness node, SentMessage invite, string word)
    {
        var sdp = word.EndsWith('s') ? Peer.Sdp(42000) : "";
        node.Deliver(Peer.Answer(invite, int.Parse(word.AsSpan(0, 3)), sdp), Harness.Shop).ShouldBeTrue();
    }

    private int Heard()
    {
        var count = 0;
        while (UdpSocket.ReceiveFrom(_caller, _packet, out _) >= 0) count++;
        return count;
    }
}
