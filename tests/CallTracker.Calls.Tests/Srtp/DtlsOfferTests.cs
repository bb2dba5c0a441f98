using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Media.Dtls;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Srtp;

/// <summary>Who is offered DTLS-SRTP, whose is taken, and that each leg's stays on it.</summary>
public sealed class DtlsOfferTests : IDisposable
{
    private const string TheirHash = "11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:"
        + "11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00";
    private readonly DtlsIdentity _identity = DtlsIdentity.TryMake(TimeProvider.System.GetUtcNow())!;

    public void Dispose() => _identity.Dispose();

    [Theory]
    [InlineData(SrtpPolicy.Optional)]
    [InlineData(SrtpPolicy.Required)]
    [InlineData(SrtpPolicy.Dtls)]
    public void Browser_CallingATelephone_IsAnsweredAsABrowserAndTheShopAsATelephone(SrtpPolicy caller)
    {
        using var node = Node(caller, SrtpPolicy.Off, withoutTls: false);
        var invite = node.Dial(Peer.Invite(body: Browser(40000)));
        SrtpTrunks.Profile(invite).ShouldBe("RTP/AVP");
        invite.Body.ShouldNotContain("fingerprint");
        invite.Body.ShouldNotContain("ice-");
        invite.Body.ShouldNotContain("rtcp-mux");
        var ok = Answer(node, invite, Peer.Sdp(42000));
        SrtpTrunks.Profile(ok).ShouldBe("UDP/TLS/RTP/SAVPF");
        string[] lines =
        [
            "a=setup:passive", "a=fingerprint:sha-256", "a=ice-lite", "a=ice-ufrag:", "a=ice-pwd:", "a=rtcp-mux",
            "a=mid:audio", "a=group:BUNDLE audio", "a=end-of-candidates", "typ host",
        ];
        foreach (var line in lines) ok.Body.ShouldContain(line);
        ok.Body.ShouldNotContain(TheirHash);
        node.Engine.Media.SecureSides.ShouldBe(1);
        node.Engine.EndAll(node.Now);
        node.Engine.Media.SecureSides.ShouldBe(0);
    }

    [Fact]
    public void Telephone_CallingABrowser_IsTheOtherWayRound()
    {
        using var node = Node(SrtpPolicy.Off, SrtpPolicy.Dtls, withoutTls: false);
        var invite = node.Dial();
        SrtpTrunks.Profile(invite).ShouldBe("UDP/TLS/RTP/SAVPF");
        invite.Body.ShouldContain("a=setup:actpass");
        invite.Body.ShouldContain("a=ice-lite");
        var ok = Answer(node, invite, Browser(42000, "active"));
        SrtpTrunks.Profile(ok).ShouldBe("RTP/AVP");
        ok.Body.ShouldNotContain("fingerprint");
        ok.Body.ShouldNotContain("rtcp-mux");
        node.Engine.Media.SecureSides.ShouldBe(1);
    }

    [Fact]
    public void Browser_CallingASecureTelephone_BridgesTheTwoWaysOfKeys()
    {
        using var node = Node(SrtpPolicy.Dtls, SrtpPolicy.Required, withoutTls: true);
        var invite = node.Dial(Peer.Invite(body: Browser(40000)));
        SrtpTrunks.Profile(invite).ShouldBe("RTP/SAVP");
        SrtpTrunks.Keys(invite).Count.ShouldBe(6);
        var ok = Answer(node, invite, SrtpTrunks.Sdp(42000, SrtpTrunks.Line(SrtpTrunks.ShopKey, 4)));
        SrtpTrunks.Keys(ok).ShouldBeEmpty();
        node.Engine.Media.SecureSides.ShouldBe(2);
    }

    [Theory]
    [InlineData(SrtpPolicy.Off, true, true)]
    [InlineData(SrtpPolicy.Dtls, false, true)]
    [InlineData(SrtpPolicy.Dtls, true, false)]
    public void Offer_AgainstTheSettingOrWithoutTheLibrary_Is488(SrtpPolicy caller, bool isBrowser, bool hasLibrary)
    {
        using var node = Node(caller, SrtpPolicy.Off, withoutTls: true);
        if (!hasLibrary) node.Engine.Media.Dtls.Identity = null;
        node.Deliver(Peer.Invite(body: isBrowser ? Browser(40000) : Peer.Sdp(40000)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 488]);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnusableMedia);
        node.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("RTP/AVP", "")]
    [InlineData("UDP/TLS/RTP/SAVPF", "a=fingerprint")]
    [InlineData("UDP/TLS/RTP/SAVPF", "a=rtcp-mux\r\n")]
    public void Answer_ThatIsNotOfTheOffer_FailsTheAttempt(string profile, string missing)
    {
        using var node = Node(SrtpPolicy.Off, SrtpPolicy.Dtls, withoutTls: false);
        var invite = node.Dial();
        var sdp = Browser(42000, "active").Replace("UDP/TLS/RTP/SAVPF", profile, StringComparison.Ordinal);
        if (missing.Length > 0) sdp = sdp.Replace(missing, "", StringComparison.Ordinal);
        node.Deliver(Peer.Answer(invite, 200, sdp), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Answer_ThatLeavesOpenWhoBegins_FailsTheAttempt()
    {
        using var node = Node(SrtpPolicy.Off, SrtpPolicy.Dtls, withoutTls: false);
        node.Deliver(Peer.Answer(node.Dial(), 200, Browser(42000, "actpass")), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
    }

    [Fact]
    public void NextTrunk_WithItsOwnSetting_IsOfferedByIt()
    {
        using var node = Node(SrtpPolicy.Off, SrtpPolicy.Dtls, withoutTls: false, second: SrtpPolicy.Off);
        var invite = node.Dial();
        SrtpTrunks.Profile(invite).ShouldBe("UDP/TLS/RTP/SAVPF");
        node.Deliver(Peer.Answer(invite, 503), Harness.Shop);
        var again = node.TakeSent(Harness.At(5081)).ShouldHaveSingleItem();
        SrtpTrunks.Profile(again).ShouldBe("RTP/AVP");
        again.Body.ShouldNotContain("fingerprint");
    }

    [Fact]
    public void Reoffer_OfTheSameBrowser_KeepsIceAndItsRestartDoesNot()
    {
        using var node = Node(SrtpPolicy.Dtls, SrtpPolicy.Off, withoutTls: false);
        var invite = node.Dial(Peer.Invite(body: Browser(40000)));
        var ok = Answer(node, invite, Peer.Sdp(42000));
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        var again = Reoffer(node, ok, Browser(40000), 2);
        Line(again, "a=ice-ufrag:").ShouldBe(Line(ok, "a=ice-ufrag:"));
        var restarted = Reoffer(node, ok, Browser(40000).Replace("peer", "next", StringComparison.Ordinal), 3);
        Line(restarted, "a=ice-ufrag:").ShouldNotBe(Line(ok, "a=ice-ufrag:"));
        Line(restarted, "a=setup:").ShouldBe("a=setup:passive");
        Line(restarted, "a=fingerprint:").ShouldBe(Line(ok, "a=fingerprint:"));
        node.Engine.Media.SecureSides.ShouldBe(1);
    }

    // Nobody handshakes here: after ten seconds of a call the record says what was missing.
    [Fact]
    public void Call_WithoutAHandshake_EndsWithTheReason()
    {
        using var node = Node(SrtpPolicy.Dtls, SrtpPolicy.Off, withoutTls: false);
        var invite = node.Dial(Peer.Invite(body: Browser(40000)));
        var ok = Answer(node, invite, Peer.Sdp(42000));
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Pass(DtlsDesk.HandshakeMsMax + 500);
        var bye = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        bye.Method.ShouldBe("BYE");
        bye.Header("Reason").ShouldContain("DTLS handshake with caller failed");
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.MediaFault).ShouldBe((EndReason.MediaTimeout, MediaFault.CallerHandshakeFailed));
    }

    private static string Browser(int port, string setup = "actpass") => Peer.Sdp(port, "a=sendrecv\r\n"
        + "a=ice-ufrag:peer\r\na=ice-pwd:0123456789012345678901\r\na=ice-options:trickle\r\n"
        + $"a=fingerprint:sha-256 {TheirHash}\r\na=setup:{setup}\r\na=mid:audio\r\na=rtcp-mux\r\n")
        .Replace("RTP/AVP", "UDP/TLS/RTP/SAVPF", StringComparison.Ordinal)
        .Replace("t=0 0\r\n", "t=0 0\r\na=group:BUNDLE audio\r\n", StringComparison.Ordinal);

    private Harness Node(SrtpPolicy caller, SrtpPolicy shop, bool withoutTls, SrtpPolicy? second = null)
    {
        var node = new Harness().UseSrtp(caller, shop, withoutTls, second);
        node.Engine.Media.Dtls.Identity = _identity;
        return node;
    }

    private static SentMessage Answer(Harness node, SentMessage invite, string sdp)
    {
        node.Deliver(Peer.Answer(invite, 200, sdp), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Code.ShouldBe(200);
        return ok;
    }

    private static SentMessage Reoffer(Harness node, SentMessage ok, string sdp, int cseq)
    {
        node.Deliver(Peer.FromCaller(ok, "INVITE", cseq, "r" + cseq, sdp), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop);
        var answer = node.TakeSent(Harness.Carrier).Last();
        answer.Code.ShouldBe(200);
        node.Deliver(Peer.FromCaller(ok, "ACK", cseq, "k" + cseq), Harness.Carrier);
        node.TakeSent(Harness.Shop);
        return answer;
    }

    private static string Line(SentMessage message, string start) =>
        message.Body.Split("\r\n").First(line => line.StartsWith(start, StringComparison.Ordinal));
}
