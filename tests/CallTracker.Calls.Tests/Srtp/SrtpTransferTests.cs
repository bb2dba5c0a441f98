using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Calls.Tests.Transfers;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Srtp;

/// <summary>A transfer's target is offered keys by its own trunk, never those of the one that transfers.</summary>
public sealed class SrtpTransferTests
{
    private const string CallersLine = "a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:" + SrtpTrunks.CallerKey + "\r\n";

    [Theory]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Optional)]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Off)]
    [InlineData(SrtpPolicy.Off, SrtpPolicy.Required)]
    public void Target_ByItsTrunksSetting_HasKeysOfItsOwnOrNone(SrtpPolicy shop, SrtpPolicy target)
    {
        using var node = Use(shop, target);
        var isShopSecure = shop != SrtpPolicy.Off;
        var isTargetSecure = target != SrtpPolicy.Off;
        var shopInvite = node.Dial(Peer.Invite(body: SrtpTrunks.Sdp(40000, CallersLine)));
        node.Deliver(Peer.Answer(shopInvite, 200, ShopSdp(42000, isShopSecure)), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.TakeSent(Harness.Shop);

        var invite = node.BeginTransfer(shopInvite);
        SrtpTrunks.Profile(invite).ShouldBe(isTargetSecure ? "RTP/SAVP" : "RTP/AVP");
        var keys = SrtpTrunks.Keys(invite).Select(line => line.Key).ToList();
        keys.Count.ShouldBe(isTargetSecure ? 6 : 0);
        keys.Intersect(SrtpTrunks.Keys(shopInvite).Select(line => line.Key)).ShouldBeEmpty();
        invite.AudioPort.ShouldBe(shopInvite.AudioPort);

        var answer = TransferScript.TargetAnswer(invite, 200, ShopSdp(43000, isTargetSecure));
        node.Deliver(answer, TransferScript.Other);
        node.TakeSent(TransferScript.Other).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var offer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        SrtpTrunks.Keys(offer).ShouldBe(SrtpTrunks.Keys(ok), "the caller's leg keeps its keys");
        node.Deliver(
            Peer.Answer(offer, 200, SrtpTrunks.Sdp(40000, CallersLine), tag: "", contact: "sip:caller@127.0.0.1:5071"),
            Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.Engine.Media.SecureSides.ShouldBe(isTargetSecure ? 2 : 1);
    }

    [Fact]
    public void Target_WhoseTrunkMayNotHaveTheKeysItRequires_IsRefused()
    {
        using var node = Use(SrtpPolicy.Optional, SrtpPolicy.Required, withoutTls: false);
        var shopInvite = node.Dial(Peer.Invite(body: SrtpTrunks.Sdp(40000, CallersLine)));
        node.Deliver(Peer.Answer(shopInvite, 200, ShopSdp(42000, isSecure: true)), Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        node.Deliver(TransferScript.Refer(shopInvite), Harness.Shop).ShouldBeTrue();
        node.TakeSent(TransferScript.Other).ShouldBeEmpty();
        node.TakeSent(Harness.Shop).Select(m => m.Code).ShouldContain(488);
        node.Engine.Media.SecureSides.ShouldBe(2);
    }

    private static string ShopSdp(int port, bool isSecure) =>
        SrtpTrunks.Sdp(port, isSecure ? [SrtpTrunks.Line(SrtpTrunks.ShopKey, 4)] : []);

    private static Harness Use(SrtpPolicy shop, SrtpPolicy target, bool withoutTls = true)
    {
        var node = new Harness();
        node.Routes.Trunks = new TrunkTable(
        [
            Make("carrier", Harness.Carrier, SrtpPolicy.Optional, true, null),
            Make("shop", Harness.Shop, shop, true, "03"),
            Make("other", TransferScript.Other, target, withoutTls, "0"),
        ]);
        return node;
    }

    private static Trunk Make(
        string id, IpEndpoint address, SrtpPolicy policy, bool withoutTls, string? prefix) => new()
        {
            Id = id,
            OperatorId = "op",
            Address = address,
            Prefixes = prefix is null ? [] : [ScriptedRoutes.Number(prefix)],
            InboundFrom = prefix is null ? [new InboundSource(Harness.Carrier, 128)] : [],
            Refer = ReferPolicy.Execute,
            Srtp = policy,
            SrtpWithoutTls = withoutTls,
        };
}
