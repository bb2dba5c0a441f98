using System.Net;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Direct;

/// <summary>When a call's media goes past the node, and when something needs it here.</summary>
public sealed class DirectDecisionTests
{
    private const int CallerPort = 40000;

    [Theory]
    [InlineData("")]
    [InlineData("shop pcmu")]
    [InlineData("both rfc4733")]
    [InlineData("carrier info")]
    [InlineData("carrier ringback")]
    [InlineData("carrier refer")]
    public void Call_ThatNeedsNothingOfTheNode_IsDirect(string setup) =>
        Place(Carrier(setup), Shop(setup), Peer.Sdp(CallerPort)).ShouldBe(MediaMode.Direct);

    [Theory]
    [InlineData("carrier anchored")]
    [InlineData("shop anchored")]
    [InlineData("carrier info, shop rfc4733")]
    [InlineData("carrier transcode")]
    [InlineData("shop transcode")]
    [InlineData("carrier srtp")]
    [InlineData("shop srtp")]
    [InlineData("carrier music")]
    [InlineData("shop music")]
    [InlineData("shop ringback")]
    [InlineData("shop refer")]
    [InlineData("carrier untimed")]
    [InlineData("shop untimed")]
    public void Call_WhoseTrunksNeedItsMedia_IsAnchored(string setup) =>
        Place(Carrier(setup), Shop(setup), Peer.Sdp(CallerPort)).ShouldBe(MediaMode.Anchored);

    [Theory]
    [InlineData("c=IN IP4 10.0.0.7")]
    [InlineData("c=IN IP4 192.168.1.7")]
    [InlineData("c=IN IP4 127.0.0.1")]
    [InlineData("c=IN IP4 203.0.113.9\r\nk=clear:abc")]
    public void Offer_ThatCannotGoPastTheNode_IsAnchored(string connection)
    {
        var sdp = Peer.Sdp(CallerPort).Replace("c=IN IP4 127.0.0.1", connection, StringComparison.Ordinal);
        using var node = DirectTrunk.Use(new Harness());
        node.Routes.Trunks = Public(node);
        node.Deliver(Peer.Invite(body: sdp), s_publicCarrier).ShouldBeTrue();
        var invite = node.TakeSent(s_publicShop).ShouldHaveSingleItem();
        (invite.AudioPort != CallerPort, node.Engine.Media.OpenSessions).ShouldBe((true, 1));
    }

    [Fact]
    public void Offer_OfAPublicAddress_IsDirect()
    {
        var sdp = Peer.Sdp(CallerPort).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 203.0.113.9", StringComparison.Ordinal);
        using var node = DirectTrunk.Use(new Harness());
        node.Routes.Trunks = Public(node);
        node.Deliver(Peer.Invite(body: sdp), s_publicCarrier).ShouldBeTrue();
        node.TakeSent(s_publicShop).ShouldHaveSingleItem().Body.ShouldContain("c=IN IP4 203.0.113.9\r\n");
        node.Engine.Media.OpenSessions.ShouldBe(0);
    }

    [Fact]
    public void Offer_WithAKeyInPlainRtp_IsAnchoredAndTheKeyStaysHere()
    {
        using var node = DirectTrunk.Use(new Harness());
        var key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + new string('A', 40) + "\r\n";
        var invite = node.Dial(Peer.Invite(body: Peer.Sdp(CallerPort, key)));
        invite.Body.ShouldNotContain("crypto");
        node.Engine.Media.OpenSessions.ShouldBe(1);
    }

    [Fact]
    public void Call_OfARecordedNumber_IsAnchored()
    {
        using var node = DirectTrunk.Use(new Harness());
        node.Routes.Set(new Route
        {
            Number = ScriptedRoutes.Number("0120000001"),
            OperatorId = "op",
            Targets = [new RouteTarget(ScriptedRoutes.Number("0312345678"), 20_000)],
            Recording = new RouteRecording(RecordedSides.Both, new byte[] { 1 }),
        });
        node.Dial().AudioPort.ShouldNotBe(CallerPort);
        node.Engine.Media.OpenSessions.ShouldBe(1);
    }

    [Fact]
    public void Call_FromOneIpVersionToTheOther_IsAnchored()
    {
        var shop = IpEndpoint.From(IPAddress.IPv6Loopback, 5080);
        using var node = DirectTrunk.Use(new Harness(hasBothVersions: true), shopAddress: shop);
        node.Deliver(Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(shop).ShouldHaveSingleItem().Body.ShouldContain("c=IN IP6 ::1\r\n");
        node.Engine.Media.OpenSessions.ShouldBe(1);
    }

    [Fact]
    public void Offer_ThatIsNone_Is488AsEver()
    {
        using var node = DirectTrunk.Use(new Harness());
        node.Deliver(Peer.Invite(body: Peer.Sdp(0)), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier)[^1].Code.ShouldBe(488);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void DirectCalls_TakeNoPorts_SoThatTheirNumberIsNotThePorts()
    {
        using var node = DirectTrunk.Use(new Harness(sessions: 1));
        for (var i = 0; i < 5; i++)
        {
            node.Dial(Peer.Invite(callId: $"c{i}@carrier", branch: $"z9hG4bKi{i}")).AudioPort.ShouldBe(CallerPort);
        }
        (node.Engine.ActiveCalls, node.Engine.Media.OpenSessions).ShouldBe((5, 0));
    }

    private static readonly IpEndpoint s_publicCarrier = IpEndpoint.From(IPAddress.Parse("203.0.113.1"), 5060);
    private static readonly IpEndpoint s_publicShop = IpEndpoint.From(IPAddress.Parse("198.51.100.1"), 5060);

    private static TrunkTable Public(Harness node) =>
        DirectTrunk.Use(node, carrierAddress: s_publicCarrier, shopAddress: s_publicShop).Routes.Trunks;

    private static MediaMode Place(DirectTrunk carrier, DirectTrunk shop, string offer)
    {
        using var node = DirectTrunk.Use(new Harness(), carrier, shop);
        var (invite, ok) = node.Connect(Peer.Invite(body: offer));
        var isDirect = invite.AudioPort == CallerPort;
        (node.Engine.Media.OpenSessions, ok.AudioPort == 42000).ShouldBe((isDirect ? 0 : 1, isDirect));
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        if (isDirect) (end.InboundMedia, end.OutboundMedia).ShouldBe((default, default));
        end.MediaMode.ShouldBe(isDirect ? MediaMode.Direct : MediaMode.Anchored);
        return end.MediaMode;
    }

    private static DirectTrunk Carrier(string setup) => Of(setup, "carrier");

    private static DirectTrunk Shop(string setup) => Of(setup, "shop");

    private static DirectTrunk Of(string setup, string side)
    {
        var trunk = new DirectTrunk();
        foreach (var part in setup.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ');
            if (words[0] == side || words[0] == "both") trunk = With(trunk, words[1]);
        }
        return trunk;
    }

    private static DirectTrunk With(DirectTrunk trunk, string word) => word switch
    {
        "anchored" => trunk with { IsDirect = false },
        "pcmu" => trunk with { Codecs = ["pcmu"] },
        "info" => trunk with { Dtmf = DtmfWay.Info },
        "rfc4733" => trunk with { Dtmf = DtmfWay.Rfc4733 },
        "transcode" => trunk with { Transcode = true },
        "srtp" => trunk with { Srtp = SrtpPolicy.Optional },
        "music" => trunk with { HoldMusic = "tone-hold" },
        "ringback" => trunk with { Ringback = TrunkRingback.On },
        "refer" => trunk with { Refer = ReferPolicy.Execute },
        "untimed" => trunk with { ExpiresSec = 0 },
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "unknown"),
    };
}
