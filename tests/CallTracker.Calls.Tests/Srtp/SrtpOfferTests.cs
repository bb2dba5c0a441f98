using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Srtp;

/// <summary>Who is offered SRTP, who must take it, and that each leg's keys stay on it.</summary>
public sealed class SrtpOfferTests
{
    [Theory]
    [InlineData(SrtpPolicy.Off, SrtpPolicy.Off, false, "RTP/AVP")]
    [InlineData(SrtpPolicy.Off, SrtpPolicy.Optional, false, "RTP/AVP")]
    [InlineData(SrtpPolicy.Off, SrtpPolicy.Required, false, "RTP/SAVP")]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Off, true, "RTP/AVP")]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Optional, true, "RTP/SAVP")]
    [InlineData(SrtpPolicy.Optional, SrtpPolicy.Optional, false, "RTP/AVP")]
    [InlineData(SrtpPolicy.Required, SrtpPolicy.Required, true, "RTP/SAVP")]
    public void Call_ByTheTrunksSettings_IsOfferedAndAnsweredPerLeg(
        SrtpPolicy caller, SrtpPolicy shop, bool isCallerSecure, string offered)
    {
        using var node = new Harness().UseSrtp(caller, shop);
        var invite = node.Dial(Invite(isCallerSecure));
        SrtpTrunks.Profile(invite).ShouldBe(offered);
        var isShopSecure = offered == "RTP/SAVP";
        SrtpTrunks.Keys(invite).Count.ShouldBe(isShopSecure ? 6 : 0);
        SrtpTrunks.Keys(invite).Select(line => line.Key).Distinct().Count().ShouldBe(isShopSecure ? 6 : 0);
        var ok = Answer(node, invite, isShopSecure ? [SrtpTrunks.Line(SrtpTrunks.ShopKey, 4)] : []);
        SrtpTrunks.Profile(ok).ShouldBe(isCallerSecure ? "RTP/SAVP" : "RTP/AVP");
        SrtpTrunks.Keys(ok).Select(line => (line.Tag, line.Suite))
            .ShouldBe(isCallerSecure ? [(7, "AES_CM_128_HMAC_SHA1_80")] : []);
        foreach (var key in new[] { SrtpTrunks.CallerKey, SrtpTrunks.ShopKey })
        {
            invite.Text.ShouldNotContain(key);
            ok.Text.ShouldNotContain(key);
        }
        node.Engine.Media.SecureSides.ShouldBe((isCallerSecure ? 1 : 0) + (isShopSecure ? 1 : 0));
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Engine.EndAll(node.Now);
        node.Engine.Media.SecureSides.ShouldBe(0);
    }

    [Theory]
    [InlineData(SrtpPolicy.Off, true)]
    [InlineData(SrtpPolicy.Required, false)]
    public void Offer_AgainstTheCallersSetting_Is488(SrtpPolicy caller, bool isSecure)
    {
        using var node = new Harness().UseSrtp(caller, SrtpPolicy.Optional);
        AssertRefused(node, Invite(isSecure));
    }

    [Theory]
    [InlineData(SrtpPolicy.Optional)]
    [InlineData(SrtpPolicy.Required)]
    public void Offer_WithKeysOverUdpWithoutPermission_Is488(SrtpPolicy caller)
    {
        using var node = new Harness().UseSrtp(caller, SrtpPolicy.Off, withoutTls: false);
        AssertRefused(node, Invite(isSecure: true));
    }

    [Fact]
    public void Offer_OfDtls_Is488()
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Optional, SrtpPolicy.Optional);
        var sdp = Peer.Sdp(40000).Replace("RTP/AVP", "UDP/TLS/RTP/SAVPF", StringComparison.Ordinal);
        AssertRefused(node, Peer.Invite(body: sdp));
    }

    [Theory]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + SrtpTrunks.CallerKey + "|2^20|1:4\r\n")]
    [InlineData("a=crypto:1 F8_128_HMAC_SHA1_80 inline:" + SrtpTrunks.CallerKey + "\r\n")]
    [InlineData("a=x\r\n")]
    public void Offer_WithoutAUsableLine_Is488(string line)
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Optional, SrtpPolicy.Optional);
        AssertRefused(node, Peer.Invite(body: SrtpTrunks.Sdp(40000, line)));
    }

    [Fact]
    public void Trunk_ThatRequiresKeysItMayNotHave_IsNotCalled()
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Off, SrtpPolicy.Required, withoutTls: false);
        AssertRefused(node, Invite(isSecure: false));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + SrtpTrunks.ShopKey + "\r\n")]
    [InlineData("a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:" + SrtpTrunks.ShopKey + "\r\n")]
    [InlineData("a=x\r\n")]
    public void Answer_ThatIsNotOfTheOffer_FailsTheAttempt(string line)
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Off, SrtpPolicy.Required);
        var invite = node.Dial();
        var sdp = SrtpTrunks.Sdp(42000, line.Length > 0 ? [line] : []);
        node.Deliver(Peer.Answer(invite, 200, sdp), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Answer_SecureToAPlainOffer_FailsTheAttempt()
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Off, SrtpPolicy.Optional);
        node.Deliver(Peer.Answer(node.Dial(), 200, SrtpTrunks.Sdp(42000, SrtpTrunks.Line())), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.IsWhole.ShouldBeTrue();
    }

    // Each attempt has keys of its own, and none where the next trunk is plain.
    [Theory]
    [InlineData(SrtpPolicy.Required, SrtpPolicy.Required)]
    [InlineData(SrtpPolicy.Required, SrtpPolicy.Off)]
    [InlineData(SrtpPolicy.Off, SrtpPolicy.Required)]
    public void NextTrunk_WithItsOwnSetting_IsOfferedByIt(SrtpPolicy first, SrtpPolicy second)
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Off, first, second: second);
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 503), Harness.Shop);
        var again = node.TakeSent(Harness.At(5081)).ShouldHaveSingleItem();
        SrtpTrunks.Profile(again).ShouldBe(second == SrtpPolicy.Required ? "RTP/SAVP" : "RTP/AVP");
        var keys = SrtpTrunks.Keys(again).Select(line => line.Key).ToList();
        keys.Count.ShouldBe(second == SrtpPolicy.Required ? 6 : 0);
        keys.Intersect(SrtpTrunks.Keys(invite).Select(line => line.Key)).ShouldBeEmpty();
    }

    [Fact]
    public void LateOffer_OfSecureMedia_IsCarriedByTheCallersSetting()
    {
        using var node = new Harness().UseSrtp(SrtpPolicy.Optional, SrtpPolicy.Optional);
        var invite = node.Dial(Peer.Invite(body: null));
        node.Deliver(Peer.Answer(invite, 200, SrtpTrunks.Sdp(42000, SrtpTrunks.Line(SrtpTrunks.ShopKey, 3))),
            Harness.Shop);
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        SrtpTrunks.Keys(ok).Count.ShouldBe(6);
        var answer = SrtpTrunks.Sdp(40000, SrtpTrunks.Line(tag: 4));
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a", answer), Harness.Carrier);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        SrtpTrunks.Keys(ack).ShouldHaveSingleItem().Tag.ShouldBe(3);
        node.Engine.Media.SecureSides.ShouldBe(2);
    }

    private static string Invite(bool isSecure) =>
        Peer.Invite(body: isSecure ? SrtpTrunks.Sdp(40000, SrtpTrunks.Line(tag: 7)) : Peer.Sdp(40000));

    private static SentMessage Answer(Harness node, SentMessage invite, params string[] lines)
    {
        node.Deliver(Peer.Answer(invite, 200, SrtpTrunks.Sdp(42000, lines)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Code.ShouldBe(200);
        return ok;
    }

    private static void AssertRefused(Harness node, string invite)
    {
        node.Deliver(invite, Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 488]);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnusableMedia);
        node.IsWhole.ShouldBeTrue();
    }
}
