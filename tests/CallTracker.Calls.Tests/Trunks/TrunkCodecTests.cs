using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>Trunks that may use some codecs only, on either side of a call.</summary>
public sealed class TrunkCodecTests
{
    [Fact]
    public void ShopsTrunk_MayUseOne_TheOfferHasThatOneAndDtmf()
    {
        using var node = MakeNode(carrier: [], shop: ["pcma"]);
        node.Deliver(Peer.Invite(body: Sdp("0 8 9 101")), Harness.Carrier).ShouldBeTrue();
        Formats(Invite(node)).ShouldBe("8 101");
        Invite(node).Body.ShouldNotContain("rtpmap:0 ");
    }

    [Fact]
    public void CallersTrunk_MayUseOne_TheOfferHasThatOneAndDtmf()
    {
        using var node = MakeNode(carrier: ["pcmu"], shop: []);
        node.Deliver(Peer.Invite(body: Sdp("0 8 9 101")), Harness.Carrier).ShouldBeTrue();
        Formats(Invite(node)).ShouldBe("0 101");
    }

    [Fact]
    public void CallersTrunk_OffersNothingItMayUse_Gets488()
    {
        using var node = MakeNode(carrier: ["opus"], shop: []);
        node.Deliver(Peer.Invite(body: Sdp("0 8 101")), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 488]);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnusableMedia);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void ShopsTrunk_MayUseNothingOffered_TheNextTrunkIsTried()
    {
        using var node = MakeNode(carrier: [], shop: ["opus"]);
        var trunks = node.Routes.Trunks.All.ToArray();
        node.Routes.Trunks = new TrunkTable([.. trunks, Make("second", Harness.At(5081), 2, ["pcmu"])]);
        node.Deliver(Peer.Invite(body: Sdp("0 8 101")), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        var second = node.TakeSent(Harness.At(5081)).ShouldHaveSingleItem();
        Formats(second).ShouldBe("0 101");
        node.Deliver(Peer.Answer(second, 486), Harness.At(5081));
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        end.Attempts.ShouldBe(["0312345678:488:shop", "0312345678:486:second"]);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void ShopsTrunk_MayUseNothingOfferedAndIsTheOnlyOne_TheCallerGets488()
    {
        using var node = MakeNode(carrier: [], shop: ["opus"]);
        node.Deliver(Peer.Invite(body: Sdp("0 8 101")), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 488]);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason).ShouldBe((CallOutcome.LineUnavailable, EndReason.UnusableMedia));
        node.IsWhole.ShouldBeTrue();
        node.Routes.Trunks.All[1].Load.Channels.ShouldBe(0);
    }

    [Fact]
    public void LateOffer_OfTheShop_HasWhatBothTrunksMayUse()
    {
        using var node = MakeNode(carrier: ["pcmu", "pcma"], shop: ["pcma", "g722"]);
        node.Deliver(Peer.Invite(body: null), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier);
        var invite = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(invite, 200, Sdp("9 0 8 101")), Harness.Shop).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.Code, Formats(ok)).ShouldBe((200, "8 101"));
    }

    private static Harness MakeNode(string[] carrier, string[] shop)
    {
        var node = new Harness();
        node.Routes.Trunks = new TrunkTable(
        [
            Make("carrier", Harness.Carrier, 0, carrier, new InboundSource(Harness.Carrier, 128)),
            Make("shop", Harness.Shop, 1, shop),
        ]);
        return node;
    }

    private static SentMessage Invite(Harness node) =>
        node.Wire.Sent.Single(m => m.To == Harness.Shop && m.Method == "INVITE");

    private static string Formats(SentMessage message)
    {
        var line = message.Body.Split("\r\n").Single(l => l.StartsWith("m=audio", StringComparison.Ordinal));
        return line[(line.IndexOf("RTP/AVP ", StringComparison.Ordinal) + 8)..];
    }

    private static string Sdp(string formats) =>
        "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + $"m=audio 40000 RTP/AVP {formats}\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\n";

    private static Trunk Make(
        string id, IpEndpoint address, int priority, string[] codecs, params InboundSource[] from) => new()
        {
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = from.Length > 0 ? [] : [ScriptedRoutes.Number("")],
            InboundFrom = from,
            Priority = priority,
            Codecs = [.. codecs.Select(Encoding.ASCII.GetBytes)],
        };
}
