using System.Net;
using System.Text;
using CallTracker.Calls.Messages;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>What transports and IP versions change in messages, and where messages go.</summary>
public sealed class TransportTests
{
    private static readonly IpEndpoint ShopOfV6 = IpEndpoint.From(IPAddress.IPv6Loopback, 5080);

    [Theory]
    [InlineData(SipTransportKind.Tcp, "TCP", "5060", "tcp")]
    [InlineData(SipTransportKind.Tls, "TLS", "5061", "tls")]
    public void Trunk_OfAnotherTransport_IsNamedInViaContactAndTarget(
        SipTransportKind kind, string name, string port, string parameter)
    {
        using var node = new Harness();
        UseShop(node, Harness.Shop, kind);
        var invite = node.Dial();
        invite.Flow.ShouldBe(new SipFlow(kind, 0, 0, Harness.Shop));
        invite.Uri.ShouldBe($"sip:0312345678@127.0.0.1:5080;transport={parameter}");
        invite.Header("Via").ShouldStartWith($"SIP/2.0/{name} 127.0.0.1:{port};branch=");
        invite.Header("Contact").ShouldBe($"<sip:ct00@127.0.0.1:{port};transport={parameter}>");
        var (ok, ack) = node.Answer(invite);
        ack.Flow.ShouldBe(invite.Flow);
        ack.Header("Via").ShouldStartWith($"SIP/2.0/{name} ");
        ok.Header("Contact").ShouldBe("<sip:ct00@127.0.0.1:5060>");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "bye1"), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Flow.ShouldBe(invite.Flow);
    }

    [Fact]
    public void Caller_OnAConnection_IsToldOfItAndReachedOnIt()
    {
        using var node = new Harness();
        var flow = new SipFlow(SipTransportKind.Tls, 0, 7, Harness.Carrier);
        var text = Peer.Invite().Replace("SIP/2.0/UDP", "SIP/2.0/TLS", StringComparison.Ordinal);
        node.Deliver(text, flow).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Flow.ShouldBe(flow);
        var invite = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        var (ok, _) = node.Answer(invite);
        ok.Header("Contact").ShouldBe("<sip:ct00@127.0.0.1:5061;transport=tls>");
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), flow).ShouldBeTrue();
        node.Deliver(Peer.FromShop(invite, "BYE", 1, "bye1"), Harness.Shop).ShouldBeTrue();
        var bye = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (bye.Method, bye.Flow).ShouldBe(("BYE", flow));
        bye.Header("Via").ShouldStartWith("SIP/2.0/TLS 127.0.0.1:5061;branch=");
    }

    [Theory]
    [InlineData("sip:a@127.0.0.1:5080", SipTransportKind.Udp, SipTransportKind.Udp, 5080, 9)]
    [InlineData("sip:a@127.0.0.1", SipTransportKind.Tcp, SipTransportKind.Tcp, 5060, 9)]
    [InlineData("sip:a@127.0.0.1;transport=TCP", SipTransportKind.Udp, SipTransportKind.Tcp, 5060, 0)]
    [InlineData("sip:a@127.0.0.1;transport=udp", SipTransportKind.Tcp, SipTransportKind.Udp, 5060, 0)]
    [InlineData("sip:a@127.0.0.1;transport=tls", SipTransportKind.Udp, SipTransportKind.Tls, 5061, 0)]
    [InlineData("sips:a@127.0.0.1", SipTransportKind.Tcp, SipTransportKind.Tls, 5061, 0)]
    [InlineData("sips:a@127.0.0.1;transport=tcp", SipTransportKind.Tls, SipTransportKind.Tls, 5061, 9)]
    [InlineData("sip:a@127.0.0.1;transport=tcp", SipTransportKind.Tls, SipTransportKind.Tls, 5061, 9)]
    [InlineData("sip:a@127.0.0.2:5080", SipTransportKind.Tcp, SipTransportKind.Tcp, 5080, 0)]
    [InlineData("sip:a@127.0.0.1;transport=sctp", SipTransportKind.Udp, SipTransportKind.Udp, 5060, 9)]
    [InlineData("sip:a@[::1]", SipTransportKind.Udp, SipTransportKind.Udp, 5060, 0)]
    [InlineData("sip:a@phone.example", SipTransportKind.Tcp, SipTransportKind.Tcp, 40000, 9)]
    public void NextHop_OfAContact_HasItsTransportPortAndConnection(
        string contact, SipTransportKind leg, SipTransportKind kind, int port, int connection)
    {
        var dialog = new SipDialog();
        var target = Encoding.ASCII.GetBytes(contact);
        dialog.InitUac("c"u8, "t"u8, "<sip:a@b>"u8, "<sip:c@d>"u8, target).ShouldBe(SipDialogResult.Ok);
        var flow = new SipFlow(leg, 0, 9, Harness.At(40_000));
        var next = NextHop.Of(dialog, flow);
        (next.Kind, next.Remote.Port, next.Connection).ShouldBe((kind, (ushort)port, (uint)connection));
    }

    [Fact]
    public void Trunk_OfTls_AdmitsNothingElseFromItsAddress()
    {
        var table = new TrunkTable(
            [Harness.MakeTrunk("t", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128))]);
        var secret = new TrunkTable([Secret()]);
        foreach (var kind in new[] { SipTransportKind.Udp, SipTransportKind.Tcp, SipTransportKind.Tls })
        {
            table.FindInbound(Harness.Carrier, null, kind).ShouldNotBeNull();
            (secret.FindInbound(Harness.Carrier, null, kind) is not null).ShouldBe(kind == SipTransportKind.Tls);
        }
    }

    [Fact]
    public void Call_FromIpv4ToIpv6_ShowsEachSideItsOwnVersionAlone()
    {
        using var node = new Harness(hasBothVersions: true);
        UseShop(node, ShopOfV6, SipTransportKind.Udp);
        node.Deliver(Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        var invite = node.TakeSent(ShopOfV6).ShouldHaveSingleItem();
        invite.Header("Via").ShouldStartWith("SIP/2.0/UDP [::1]:5060;rport;branch=");
        invite.Header("Contact").ShouldBe("<sip:ct00@[::1]:5060>");
        invite.Body.ShouldContain("c=IN IP6 ::1\r\n");
        invite.Text.ShouldNotContain("127.0.0.");
        var answer = Peer.Sdp(42_000).Replace("IN IP4 127.0.0.1", "IN IP6 ::1", StringComparison.Ordinal)
            .Replace("IN IP4 127.0.0.9", "IN IP6 ::1", StringComparison.Ordinal);
        node.Deliver(Peer.Answer(invite, 200, answer, contact: "sip:shop@[::1]:5080"), ShopOfV6).ShouldBeTrue();
        var ok = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Body.ShouldContain("c=IN IP4 127.0.0.1\r\n");
        ok.Text.ShouldNotContain("::1");
        node.TakeSent(ShopOfV6).ShouldHaveSingleItem().Method.ShouldBe("ACK");
    }

    [Fact]
    public void Answer_OfAnotherVersionThanTheOffer_IsNoUsableAnswer()
    {
        using var node = new Harness(hasBothVersions: true);
        var invite = node.Dial();
        var answer = Peer.Sdp(42_000).Replace("IN IP4 127.0.0.1", "IN IP6 ::1", StringComparison.Ordinal);
        node.Deliver(Peer.Answer(invite, 200, answer), Harness.Shop);
        node.TakeSent(Harness.Shop).Select(sent => sent.Method).ShouldBe(["ACK", "BYE"]);
    }

    [Fact]
    public void SecondTarget_OfTheOtherVersion_GetsAnOfferOfItsOwn()
    {
        using var node = new Harness(hasBothVersions: true);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0399999999", 20_000)));
        node.Routes.Trunks = new TrunkTable(
        [
            Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128)),
            Harness.MakeTrunk("shop", Harness.Shop, ["0312"]), Harness.MakeTrunk("other", ShopOfV6, ["0399"]),
        ]);
        var first = node.Dial();
        first.Body.ShouldContain("c=IN IP4 127.0.0.1\r\n");
        node.Deliver(Peer.Answer(first, 486), Harness.Shop).ShouldBeTrue();
        var second = node.TakeSent(ShopOfV6).ShouldHaveSingleItem();
        second.Body.ShouldContain("c=IN IP6 ::1\r\n");
        node.Engine.Media.OpenSessions.ShouldBe(1);
    }

    [Fact]
    public void Trunk_OfAVersionTheNodeHasNot_IsNotDialled()
    {
        using var node = new Harness();
        UseShop(node, ShopOfV6, SipTransportKind.Udp);
        node.Deliver(Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).Select(sent => sent.Code).ShouldBe([100, 503]);
        node.TakeSent(ShopOfV6).ShouldBeEmpty();
    }

    private static Trunk Secret() => new()
    {
        Id = "s",
        OperatorId = "op",
        Address = Harness.Carrier,
        Prefixes = [],
        InboundFrom = [new InboundSource(Harness.Carrier, 128)],
        Transport = SipTransportKind.Tls,
    };

    private static void UseShop(Harness node, IpEndpoint address, SipTransportKind kind) =>
        node.Routes.Trunks = new TrunkTable(
        [
            Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128)),
            new Trunk
            {
                Id = "shop",
                OperatorId = "op",
                Address = address,
                Prefixes = [ScriptedRoutes.Number("")],
                InboundFrom = [],
                Transport = kind,
            },
        ]);
}
