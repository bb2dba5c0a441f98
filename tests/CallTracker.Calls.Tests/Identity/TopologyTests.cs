using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Identity;

/// <summary>
/// Each side plants its marks (host names, addresses, product names) wherever a message has room for them; no byte that
/// is sent to the other side may hold one, in any flow.
/// </summary>
public sealed class TopologyTests
{
    // Everything the caller's side plants holds one of these, everything the shop's side one of those.
    private static readonly string[] CallerMarks = ["alpha-inside", "10.91.", "2001:db8:a1fa"];
    private static readonly string[] ShopMarks = ["bravo-inside", "10.92.", "2001:db8:b2a0"];

    [Theory]
    [InlineData(ForwardingHeader.Both, true)]
    [InlineData(ForwardingHeader.Both, false)]
    public void AnsweredCall_WithEverything_ShowsNothingOfTheOtherSide(ForwardingHeader header, bool isTrusted)
    {
        using var node = NewNode(header, isTrusted);
        var shopInvite = Start(node);
        ToNode(node, ShopAnswers(shopInvite, 183, "early"), Harness.Shop);
        ToNode(node, ShopAnswers(shopInvite, 180), Harness.Shop);
        ToNode(node, ShopAnswers(shopInvite, 200, "sdp"), Harness.Shop);
        var ok = Last(node, Harness.Carrier);
        ok.Code.ShouldBe(200);
        ToNode(node, FromCaller(ok, "ACK", 1, "a1"), Harness.Carrier);

        ToNode(node, FromCaller(ok, "INVITE", 2, "r1", CallerSdp(40002)), Harness.Carrier);
        var reinvite = Last(node, Harness.Shop);
        reinvite.Method.ShouldBe("INVITE");
        ToNode(node, ShopAnswers(reinvite, 200, "sdp"), Harness.Shop);
        ToNode(node, FromCaller(ok, "ACK", 2, "a2"), Harness.Carrier);

        ToNode(node, FromShop(shopInvite, "INVITE", 1, "r2", ShopSdp(42002)), Harness.Shop);
        ToNode(node, CallerAnswers(Last(node, Harness.Carrier), 488), Harness.Carrier);
        ToNode(node, FromShop(shopInvite, "INFO", 2, "i1"), Harness.Shop);
        ToNode(node, CallerAnswers(Last(node, Harness.Carrier), 200), Harness.Carrier);
        ToNode(node, FromShop(shopInvite, "BYE", 3, "b1"), Harness.Shop);
        ToNode(node, CallerAnswers(Last(node, Harness.Carrier), 200), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
        Scan(node, 12);
    }

    [Theory]
    [InlineData(486)]
    [InlineData(503)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(420)]
    [InlineData(600)]
    public void RefusedCall_WithReasonsAndContacts_ShowsNothingOfTheShop(int code)
    {
        using var node = NewNode(ForwardingHeader.Both, isTrusted: true);
        ToNode(node, ShopAnswers(Start(node), code), Harness.Shop);
        Last(node, Harness.Carrier).Code.ShouldBeGreaterThanOrEqualTo(400);
        Scan(node, 3);
    }

    [Fact]
    public void LateOffer_FromTheShop_ShowsNothingOfIt()
    {
        using var node = NewNode(ForwardingHeader.Both, isTrusted: true);
        var shopInvite = Start(node, body: "");
        ToNode(node, ShopAnswers(shopInvite, 200, "sdp"), Harness.Shop);
        var ok = Last(node, Harness.Carrier);
        ToNode(node, FromCaller(ok, "ACK", 1, "a1", CallerSdp(40000)), Harness.Carrier);
        ToNode(node, FromCaller(ok, "BYE", 2, "b1"), Harness.Carrier);
        Scan(node, 6);
    }

    [Fact]
    public void CancelledCall_OnBothSides_ShowsNothing()
    {
        using var node = NewNode(ForwardingHeader.Both, isTrusted: true);
        var shopInvite = Start(node);
        ToNode(node, ShopAnswers(shopInvite, 180), Harness.Shop);
        ToNode(node, Plant(Peer.Cancel(), "alpha-inside", "10.91.0.9"), Harness.Carrier);
        var cancel = node.Wire.Sent.Single(m => m.Method == "CANCEL");
        ToNode(node, ShopAnswers(cancel, 200), Harness.Shop);
        ToNode(node, ShopAnswers(shopInvite, 487), Harness.Shop);
        Scan(node, 6);
    }

    [Fact]
    public void Marks_InTheScannedMessages_WouldBeFound()
    {
        // The control: what the shop is sent is found when it is taken for what the caller is sent.
        using var node = NewNode(ForwardingHeader.Both, isTrusted: true);
        Start(node);
        var echo = node.Wire.Sent.First(m => m.To == Harness.Carrier);
        Should.Throw<ShouldAssertException>(() => Scan(echo with { To = Harness.Shop }));
    }

    private static Harness NewNode(ForwardingHeader header, bool isTrusted)
    {
        var node = new Harness();
        node.UseTrunks(isShopTrusted: isTrusted, forwarding: header);
        return node;
    }

    private static SentMessage Start(Harness node, string? body = null)
    {
        const string Headers =
            "P-Asserted-Identity: \"alpha-inside\" <sip:0311112222@pbx.alpha-inside.example>\r\n" +
            "Diversion: <sip:0333330001@10.91.0.4>;reason=unconditional\r\n" +
            "P-Charging-Vector: icid-value=1;orig-ioi=alpha-inside\r\nOrganization: alpha-inside\r\n" +
            "P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=alpha-inside\r\nX-Alpha: alpha-inside\r\n" +
            "Call-Info: <http://10.91.0.5/alpha-inside.png>\r\nSubject: alpha-inside\r\n";
        var invite = Peer.Invite(
            from: "\"alpha-inside\" <sip:0311112222@alpha-inside.example>", headers: Headers,
            body: body ?? CallerSdp(40000), callId: "alpha-inside@10.91.0.6");
        ToNode(node, Plant(invite, "alpha-inside", "10.91.0.1"), Harness.Carrier);
        return Last(node, Harness.Shop);
    }

    // A Via below the top, Record-Route, Contact user and the product's name.
    private static string Plant(string message, string name, string address)
    {
        var at = message.IndexOf("\r\nMax-Forwards", StringComparison.Ordinal) + 2;
        if (at == 1) at = message.IndexOf("\r\nFrom:", StringComparison.Ordinal) + 2;
        var isRequest = !message.StartsWith("SIP/", StringComparison.Ordinal);
        var via = isRequest ? $"Via: SIP/2.0/UDP {address};branch=z9hG4bK{name}\r\n" : "";
        return message.Insert(
            at,
            via + $"Record-Route: <sip:127.0.0.1:{(name[0] == 'a' ? 5071 : 5080)};lr;at={name}>\r\n" +
            $"User-Agent: {name}-agent\r\nServer: {name}-server\r\nWarning: 399 {name}.example \"{address}\"\r\n" +
            $"Reason: SIP;cause=480;text=\"{name}\"\r\nError-Info: <sip:{address}>\r\nDate: {name}\r\n");
    }

    private static string CallerSdp(int port) => Session(port, "alpha-inside", "10.91.0.2", "2001:db8:a1fa::2");

    private static string ShopSdp(int port) => Session(port, "bravo-inside", "10.92.0.2", "2001:db8:b2a0::2");

    private static string Session(int port, string name, string address, string address6) =>
        $"v=0\r\no={name} 1 1 IN IP4 {address}\r\ns={name}\r\ni={name}\r\nu=http://{name}/\r\ne=a@{name}\r\n" +
        $"c=IN IP4 {address}\r\nt=0 0\r\na=tool:{name}\r\na=ice-options:{name}\r\n" +
        $"m=audio {port} RTP/AVP 0\r\ni={name}\r\nc=IN IP4 {address}\r\na=rtpmap:0 PCMU/8000\r\n" +
        $"a=rtcp:{port + 1} IN IP4 {address}\r\na=candidate:1 1 UDP 1 {address} {port} typ host\r\n" +
        $"a=candidate:2 1 UDP 1 {address6} {port} typ host\r\na=ssrc:1 cname:{name}\r\na=msid:{name} a\r\n" +
        $"a=X-nat:{name}\r\na=x-sdp:{address}\r\nm=video 0 RTP/AVP 96\r\nc=IN IP6 {address6}\r\na=label:{name}\r\n";

    private static string ShopAnswers(SentMessage request, int code, string sdp = "")
    {
        var headers = "P-Asserted-Identity: <sip:0312345678@bravo-inside.example>\r\n" +
            "WWW-Authenticate: Digest realm=\"bravo-inside\", nonce=\"1\"\r\nX-Bravo: 10.92.0.7\r\nUnsupported: x\r\n";
        var answer = Peer.Answer(
            request, code, sdp.Length > 0 ? ShopSdp(42000) : "", tag: "bravo-inside-tag",
            contact: "sip:bravo-inside@127.0.0.1:5080;at=10.92.0.3", headers: headers);
        return Plant(answer.Replace(" Reason\r\n", " bravo-inside\r\n", StringComparison.Ordinal), "bravo-inside",
            "10.92.0.1");
    }

    private static string CallerAnswers(SentMessage request, int code) => Plant(
        Peer.Answer(request, code, tag: "", contact: "sip:alpha-inside@127.0.0.1:5071")
            .Replace(" Reason\r\n", " alpha-inside\r\n", StringComparison.Ordinal),
        "alpha-inside", "10.91.0.1");

    private static string FromCaller(SentMessage ok, string method, int cseq, string branch, string body = "") =>
        Plant(Peer.FromCaller(ok, method, cseq, branch, body), "alpha-inside", "10.91.0.1");

    private static string FromShop(SentMessage invite, string method, int cseq, string branch, string body = "") =>
        Plant(
            Peer.FromShop(invite, method, cseq, branch, body)
                .Replace(";tag=s1", ";tag=bravo-inside-tag", StringComparison.Ordinal),
            "bravo-inside", "10.92.0.1");

    private static void ToNode(Harness node, string message, IpEndpoint from) =>
        node.Deliver(message, from).ShouldBeTrue(message);

    private static SentMessage Last(Harness node, IpEndpoint to) => node.Wire.Sent.Last(m => m.To == to);

    private static void Scan(Harness node, int countMin)
    {
        node.Wire.Sent.Count.ShouldBeGreaterThanOrEqualTo(countMin);
        foreach (var message in node.Wire.Sent) Scan(message);
    }

    private static void Scan(SentMessage message)
    {
        foreach (var mark in message.To == Harness.Shop ? CallerMarks : ShopMarks)
            message.Text.ShouldNotContain(mark, Case.Insensitive, $"to {message.To}");
    }
}
