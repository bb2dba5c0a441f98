using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Transcoding;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Transcoding;

/// <summary>Calls whose sides share no codec: what each is offered and answered, and when the relay converts.</summary>
public sealed class ConversionFlowTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Shop_WithAnotherCodec_IsConverted(bool isOnCaller, bool isOnShop)
    {
        using var node = MakeNode(isOnCaller, isOnShop);
        var invite = node.Dial(Peer.Invite(body: Sdp("0 101")));
        Formats(invite).ShouldBe("0 101 8 9 96 97");
        node.Deliver(Peer.Answer(invite, 200, Sdp("9 101")), Harness.Shop).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.Code, Formats(ok)).ShouldBe((200, "0 101"));
        Converted(node).ShouldBe(1);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a1"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b1"), Harness.Carrier);
        Converted(node).ShouldBe(0);
    }

    [Fact]
    public void Shop_WithOneOfTheCallersCodecs_IsRelayedAsItIs()
    {
        using var node = MakeNode();
        var invite = node.Dial(Peer.Invite(body: Sdp("0 8 101")));
        node.Deliver(Peer.Answer(invite, 200, Sdp("8 101")), Harness.Shop).ShouldBeTrue();
        Formats(node.TakeSent(Harness.Carrier).ShouldHaveSingleItem()).ShouldBe("8 101");
        Converted(node).ShouldBe(0);
    }

    [Fact]
    public void Trunks_ThatDoNotSaySo_AreNotOfferedMore()
    {
        using var node = MakeNode(caller: false, shop: false);
        Formats(node.Dial(Peer.Invite(body: Sdp("0 101")))).ShouldBe("0 101");
    }

    [Fact]
    public void ShopsTrunk_MayUseNothingOffered_IsOfferedWhatItMay()
    {
        using var node = MakeNode(shopCodecs: ["g722", "pcma"]);
        var invite = node.Dial(Peer.Invite(body: Sdp("0 101")));
        Formats(invite).ShouldBe("101 9 8");
        node.Deliver(Peer.Answer(invite, 200, Sdp("8 101")), Harness.Shop).ShouldBeTrue();
        Formats(node.TakeSent(Harness.Carrier).ShouldHaveSingleItem()).ShouldBe("0 101");
        Converted(node).ShouldBe(1);
    }

    [Fact]
    public void Node_WithoutRoom_OffersNothingMore()
    {
        using var node = MakeNode(callsMax: 1, shopCodecs: ["g722"]);
        var first = node.Dial(Peer.Invite(body: Sdp("0 101")));
        node.Deliver(Peer.Answer(first, 200, Sdp("9 101")), Harness.Shop).ShouldBeTrue();
        node.TakeSent(Harness.Carrier);
        node.TakeSent(Harness.Shop);
        var again = Peer.Invite(body: Sdp("0 101"), callId: "c2@carrier", branch: "z9hG4bKinv2");
        node.Deliver(again, Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 488]);
    }

    [Fact]
    public void EarlyMedia_Converted_EndsWithTheDestination()
    {
        using var node = MakeNode();
        var invite = node.Dial(Peer.Invite(body: Sdp("0 101")));
        node.Deliver(Peer.Answer(invite, 183, Sdp("9 101")), Harness.Shop).ShouldBeTrue();
        Formats(node.TakeSent(Harness.Carrier).ShouldHaveSingleItem()).ShouldBe("0 101");
        Converted(node).ShouldBe(1);
        node.Deliver(Peer.Answer(invite, 486), Harness.Shop).ShouldBeTrue();
        Converted(node).ShouldBe(0);
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.Busy);
        node.Deliver(
            Peer.FromCaller(node.TakeSent(Harness.Carrier)[^1], "ACK", 1, "z9hG4bKinv1"[7..]), Harness.Carrier);
    }

    [Fact]
    public void Hold_ByTheShop_StaysConverted()
    {
        using var node = MakeNode();
        var (invite, _) = Connect(node, "0 101", "9 101");
        node.Deliver(
            Peer.FromShop(invite, "INVITE", 2, "hold", Sdp("9 101", "a=sendonly\r\n")), Harness.Shop).ShouldBeTrue();
        var toCaller = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        Formats(toCaller).ShouldBe("9 101 0 8 96 97");
        node.Deliver(
            Peer.Answer(toCaller, 200, Sdp("0 101", "a=recvonly\r\n"), tag: ""), Harness.Carrier).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Shop).Last();
        (ok.Code, Formats(ok)).ShouldBe((200, "9 101"));
        Converted(node).ShouldBe(1);
    }

    [Fact]
    public void Reinvite_ToASharedCodec_EndsTheConversion()
    {
        using var node = MakeNode();
        var (invite, _) = Connect(node, "0 101", "9 101");
        node.Deliver(Peer.FromShop(invite, "INVITE", 2, "re", Sdp("0 9 101")), Harness.Shop).ShouldBeTrue();
        var toCaller = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(toCaller, 200, Sdp("0 101"), tag: ""), Harness.Carrier).ShouldBeTrue();
        Formats(node.TakeSent(Harness.Shop).Last()).ShouldBe("0 101");
        Converted(node).ShouldBe(0);
    }

    [Fact]
    public void Reinvite_ThatIsRefused_LeavesTheConversionAsItWas()
    {
        using var node = MakeNode();
        var (invite, _) = Connect(node, "0 101", "9 101");
        node.Deliver(Peer.FromShop(invite, "INVITE", 2, "re", Sdp("0 101")), Harness.Shop).ShouldBeTrue();
        var toCaller = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(toCaller, 488, tag: ""), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Shop).Last().Code.ShouldBe(488);
        Converted(node).ShouldBe(1);
    }

    [Fact]
    public void LateOffer_OfTheShop_IsConvertedForTheCaller()
    {
        using var node = MakeNode();
        node.Deliver(Peer.Invite(body: null), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier);
        var invite = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(invite, 200, Sdp("9 101")), Harness.Shop).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        Formats(ok).ShouldBe("9 101 0 8 96 97");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a1", Sdp("8 101")), Harness.Carrier).ShouldBeTrue();
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (ack.Method, Formats(ack)).ShouldBe(("ACK", "9 101"));
        Converted(node).ShouldBe(1);
    }

    [Fact]
    public void NextDestination_ThatShares_IsNotConverted()
    {
        using var node = MakeNode();
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0312345679", 20_000)));
        var first = node.Dial(Peer.Invite(body: Sdp("0 101")));
        node.Deliver(Peer.Answer(first, 183, Sdp("9 101")), Harness.Shop).ShouldBeTrue();
        node.Deliver(Peer.Answer(first, 486), Harness.Shop).ShouldBeTrue();
        Converted(node).ShouldBe(0);
        var second = node.TakeSent(Harness.Shop).Last(m => m.Method == "INVITE");
        Formats(second).ShouldBe("0 101 8 9 96 97");
        node.Deliver(Peer.Answer(second, 200, Sdp("0 101"), tag: "s2"), Harness.Shop).ShouldBeTrue();
        Formats(node.TakeSent(Harness.Carrier).Last()).ShouldBe("0 101");
        Converted(node).ShouldBe(0);
    }

    private static (SentMessage Invite, SentMessage Ok) Connect(Harness node, string offered, string answered)
    {
        var invite = node.Dial(Peer.Invite(body: Sdp(offered)));
        node.Deliver(Peer.Answer(invite, 200, Sdp(answered)), Harness.Shop).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.TakeSent(Harness.Shop);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a1"), Harness.Carrier).ShouldBeTrue();
        Converted(node).ShouldBe(1);
        return (invite, ok);
    }

    private static int Converted(Harness node) => node.Engine.Media.Transcodes.Now;

    private static Harness MakeNode(
        bool caller = false, bool shop = true, int callsMax = 4, string[]? shopCodecs = null)
    {
        var node = new Harness(media: new MediaSettings { Transcodes = new TranscodeBudget(callsMax) });
        node.Routes.Trunks = new TrunkTable(
        [
            Make("carrier", Harness.Carrier, caller, [], new InboundSource(Harness.Carrier, 128)),
            Make("shop", Harness.Shop, shop, shopCodecs ?? []),
        ]);
        return node;
    }

    private static Trunk Make(
        string id, IpEndpoint address, bool transcode, string[] codecs, params InboundSource[] from) => new()
        {
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = from.Length > 0 ? [] : [ScriptedRoutes.Number("")],
            InboundFrom = from,
            Transcode = transcode,
            Codecs = [.. codecs.Select(Encoding.ASCII.GetBytes)],
        };

    private static string Formats(SentMessage message)
    {
        var line = message.Body.Split("\r\n").Single(l => l.StartsWith("m=audio", StringComparison.Ordinal));
        return line[(line.IndexOf("RTP/AVP ", StringComparison.Ordinal) + 8)..];
    }

    private static string Sdp(string formats, string more = "") =>
        "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + $"m=audio 40000 RTP/AVP {formats}\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\n" + more;
}
