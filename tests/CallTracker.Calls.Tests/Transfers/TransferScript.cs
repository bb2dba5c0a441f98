using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;

namespace CallTracker.Calls.Tests.Transfers;

/// <summary>
/// The moves of a transfer: the shop, whose trunk may transfer, refers the caller to a number behind a third trunk.
/// </summary>
internal static class TransferScript
{
    public const string Target = "0698765432";
    public static readonly IpEndpoint Other = Harness.At(5090);

    public static Harness UseTransfers(this Harness node, ReferPolicy shop = ReferPolicy.Execute, int shopChannels = 0,
        string holdMusic = "")
    {
        node.Routes.Trunks = new TrunkTable(
        [
            Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128)),
            new Trunk
            {
                Id = "shop",
                OperatorId = "op",
                Address = Harness.Shop,
                Prefixes = [ScriptedRoutes.Number("03")],
                InboundFrom = [],
                Refer = shop,
                ChannelsMax = shopChannels,
                HoldMusic = holdMusic,
            },
            new Trunk
            {
                Id = "other",
                OperatorId = "op",
                Address = Other,
                Prefixes = [ScriptedRoutes.Number("0")],
                InboundFrom = [],
                Refer = ReferPolicy.Execute,
            },
        ]);
        return node;
    }

    public static string Refer(SentMessage shopInvite, int cseq = 1, string to = $"<sip:{Target}@198.51.100.7>") =>
        Peer.FromShop(shopInvite, "REFER", cseq, $"refer{cseq}", headers: to.Length == 0 ? "" : $"Refer-To: {to}\r\n");

    /// <summary>The shop refers; 202 and the first NOTIFY go back and the INVITE to the target comes out.</summary>
    public static SentMessage BeginTransfer(this Harness node, SentMessage shopInvite, int cseq = 1)
    {
        node.Deliver(Refer(shopInvite, cseq), Harness.Shop).ShouldBeTrue();
        var sent = node.TakeSent(Harness.Shop);
        sent.Select(m => m.IsResponse ? m.Code.ToString() : m.Method).ShouldBe(["202", "NOTIFY"]);
        sent[1].Body.ShouldBe("SIP/2.0 100 Trying\r\n");
        sent[1].Header("Subscription-State").ShouldStartWith("active;expires=");
        node.Deliver(Peer.Answer(sent[1], 200, tag: ""), Harness.Shop);
        var invite = node.TakeSent(Other).ShouldHaveSingleItem();
        invite.Method.ShouldBe("INVITE");
        return invite;
    }

    /// <summary>What the target says.</summary>
    public static string TargetAnswer(SentMessage invite, int code, string body = "", string headers = "") =>
        Peer.Answer(invite, code, body, tag: "o1", contact: "sip:o@127.0.0.1:5090", headers: headers);

    /// <summary>The caller takes the new description.</summary>
    public static string CallerAnswer(SentMessage offer) =>
        Peer.Answer(offer, 200, Peer.Sdp(40000), tag: "", contact: "sip:caller@127.0.0.1:5071");

    /// <summary>The target answers and takes the shop's place; the offer that goes to the caller.</summary>
    public static SentMessage Join(this Harness node, SentMessage invite)
    {
        node.Deliver(TargetAnswer(invite, 200, Peer.Sdp(43000)), Other).ShouldBeTrue();
        node.TakeSent(Other).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        return node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
    }
}
