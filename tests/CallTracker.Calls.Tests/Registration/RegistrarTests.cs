using System.Text;
using CallTracker.Calls.Access;
using CallTracker.Calls.Registration;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Registration;

/// <summary>Phones register with the node (RFC 3261 section 10.3), call and are called.</summary>
public sealed class RegistrarTests : IDisposable
{
    private const string Contact = "sip:1001@192.168.1.5:5060";
    private readonly Harness _node = new();
    private int _serial;

    public RegistrarTests() => AccessTrunks.Use(
        _node, AccessTrunks.MakePhone(), AccessTrunks.MakePhone("1002", "other"), AccessTrunks.MakePbx());

    public void Dispose() => _node.Dispose();

    private BindingRegistry Bindings => _node.Engine.Access.Shared.Bindings;

    [Fact]
    public void Phone_Registering_IsChallengedAndThenBoundForAsLongAsItsNatAllows()
    {
        var ok = Register($"<{Contact}>;expires=3600");
        ok.Code.ShouldBe(200);
        ok.Header("Contact").ShouldBe($"<{Contact}>;expires=120");
        Bindings.Knows(AccessTrunks.Phone, _node.Now.UnixMs).ShouldBeTrue();
        _node.Pass(121_000);
        Bindings.Knows(AccessTrunks.Phone, _node.Now.UnixMs).ShouldBeFalse();
    }

    [Theory]
    [InlineData("<sip:1001@198.51.100.7:40123>", "", "3600")]
    [InlineData("<sip:1001@198.51.100.7:40123>;expires=90", "Expires: 70\r\n", "90")]
    [InlineData("<sip:1001@198.51.100.7:40123>", "Expires: 70\r\n", "70")]
    [InlineData("<sip:1001@198.51.100.7:40123>;expires=junk", "", "3600")]
    [InlineData("<sip:1001@198.51.100.7:40123>;expires=99999999", "", "7200")]
    public void Expires_OfContactOrHeader_IsGrantedWithinBounds(string contact, string headers, string granted) =>
        Register(contact, headers).Header("Contact").ShouldEndWith(";expires=" + granted);

    [Fact]
    public void Expires_TooBrief_IsRefusedWithTheLeast()
    {
        var refused = Register($"<{Contact}>;expires=30");
        (refused.Code, refused.Header("Min-Expires")).ShouldBe((423, "60"));
        Bindings.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("*", "Expires: 0\r\n", 200, 0)]
    [InlineData("*", "Expires: 60\r\n", 400, 1)]
    [InlineData("*", "", 400, 1)]
    [InlineData("<" + Contact + ">;expires=0", "", 200, 0)]
    [InlineData("<sip:1001@192.168.1.9>;expires=0", "", 200, 1)]
    [InlineData("<mailto:x@y>", "", 400, 1)]
    [InlineData("<http://x>", "", 400, 1)]
    [InlineData("", "", 200, 1)]
    public void Register_OfABoundPhone_ChangesOnlyWhatItSays(string contact, string headers, int code, int left)
    {
        Register($"<{Contact}>");
        Register(contact, headers).Code.ShouldBe(code);
        Bindings.Count.ShouldBe(left);
    }

    [Fact]
    public void Register_Refreshed_MakesNoNewTable()
    {
        Register($"<{Contact}>", callId: "same");
        var table = Bindings.Table;
        _node.Pass(60_000);
        _node.TakeSent(AccessTrunks.Phone);
        Register($"<{Contact}>", callId: "same").Code.ShouldBe(200);
        Bindings.Table.ShouldBeSameAs(table);
        _node.Pass(100_000);
        Bindings.Knows(AccessTrunks.Phone, _node.Now.UnixMs).ShouldBeTrue();
    }

    [Fact]
    public void Register_OutOfOrder_ChangesNothing()
    {
        Register($"<{Contact}>", callId: "same");
        var challenge = Send("", $"<{Contact}>;expires=0", "", "same", 500);
        var line = DigestPeer.Authorize(challenge, "REGISTER", "sip:127.0.0.1", "1001");
        Send(line, $"<{Contact}>;expires=0", "", "same", 1).Code.ShouldBe(500);
        Bindings.Count.ShouldBe(1);
    }

    [Fact]
    public void Register_OfAnothersAddress_IsForbidden()
    {
        Register($"<{Contact}>", to: "sip:1002@127.0.0.1").Code.ShouldBe(403);
        Bindings.Count.ShouldBe(0);
    }

    [Fact]
    public void Register_OfAPbxThatMayNot_IsNeverGranted()
    {
        var challenge = Send("", $"<{Contact}>", "", "c", 1, "sip:pbx@127.0.0.1");
        var line = DigestPeer.Authorize(challenge, "REGISTER", "sip:127.0.0.1", "pbx");
        Send(line, $"<{Contact}>", "", "c", 2, "sip:pbx@127.0.0.1").Code.ShouldBe(401);
    }

    [Fact]
    public void Realm_OfTheUser_IsChallengedWith()
    {
        Send("", $"<{Contact}>", "", "c", 1, "sip:1002@127.0.0.1").Header("WWW-Authenticate")
            .ShouldContain("realm=\"other\"");
        Send("", $"<{Contact}>", "", "c", 2, "sip:nobody@127.0.0.1").Header("WWW-Authenticate")
            .ShouldContain("realm=\"calltracker\"");
    }

    [Fact]
    public void Contacts_BeyondTheMost_AreRefused()
    {
        for (var i = 0; i < BindingRegistry.PerTrunkMax; i++) Register($"<sip:1001@192.168.1.{i + 1}>");
        Register("<sip:1001@192.168.2.1>").Code.ShouldBe(503);
        Bindings.Count.ShouldBe(BindingRegistry.PerTrunkMax);
        Register("<sip:1001@192.168.1.1>").Code.ShouldBe(200);
    }

    [Fact]
    public void Stranger_SendingAnythingButRegister_IsNotAdmitted()
    {
        Admits("REGISTER sip:127.0.0.1 SIP/2.0\r\n").ShouldBeTrue();
        Admits("INVITE sip:0120000001@127.0.0.1 SIP/2.0\r\n").ShouldBeFalse();
        Admits("SIP/2.0 200 OK\r\n").ShouldBeFalse();
        Register($"<{Contact}>");
        Admits("INVITE sip:0120000001@127.0.0.1 SIP/2.0\r\n").ShouldBeTrue();
        for (var i = 0; i < SourceGate.StrangersPerSecMax + 5; i++) Admits("REGISTER x", 1);
        Admits("REGISTER x", 2).ShouldBeFalse();
        _node.Engine.AccessCounters.StrangersDropped.ShouldBeGreaterThan(4);
        _node.Pass(1000);
        Admits("REGISTER x", 3).ShouldBeTrue();
        AccessTrunks.Use(_node);
        Admits("REGISTER x", 4).ShouldBeFalse();
    }

    [Fact]
    public void Phone_ThatRegistered_CallsWithItsDigest()
    {
        Register($"<{Contact}>");
        const string Uri = "sip:0120000001@127.0.0.1:5060";
        _node.Deliver(Peer.Invite(Uri), AccessTrunks.Phone);
        var challenge = _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem();
        challenge.Code.ShouldBe(401);
        var line = DigestPeer.Authorize(challenge, "INVITE", Uri, "1001");
        _node.Deliver(Peer.Invite(Uri, headers: line, branch: "z9hG4bKinv2"), AccessTrunks.Phone);
        _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem().Code.ShouldBe(100);
        var shopInvite = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(shopInvite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), AccessTrunks.Phone);
        _node.TakeSent(Harness.Shop);
        _node.Deliver(Peer.FromShop(shopInvite, "BYE", 1, "bye1"), Harness.Shop);
        // The Contact of the INVITE is an inside address: the BYE goes where the phone's messages come from.
        _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        _node.Journal.Ends.ShouldHaveSingleItem().TrunkIn.ShouldBe("phone-1001");
    }

    [Fact]
    public void Call_ToAPhone_GoesByTheFlowItRegisteredFrom()
    {
        _node.Routes.Set(Harness.MakeRoute("0120000001", ("0699990000", 20_000)));
        _node.Deliver(Peer.Invite(), Harness.Carrier);
        // While the phone is away, the trunk with the next best prefix takes its calls.
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Uri.ShouldStartWith("sip:0699990000@");
        _node.TakeSent(Harness.Carrier);
        AccessTrunks.Use(_node, AccessTrunks.MakePhone());
        Register($"<{Contact}>");
        _node.Deliver(Peer.Invite(callId: "c2", branch: "z9hG4bKinv2"), Harness.Carrier);
        var invite = _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem();
        (invite.Method, invite.Uri).ShouldBe(("INVITE", Contact));
        invite.Header("To").ShouldBe("<sip:0699990000@127.0.0.1:5060>");
        var answer = Peer.Answer(invite, 200, Peer.Sdp(42000), contact: Contact);
        _node.Deliver(answer, AccessTrunks.Phone);
        var ack = _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem();
        (ack.Method, ack.Uri).ShouldBe(("ACK", Contact));
    }

    [Fact]
    public void Bindings_ReadBack_AreThoseStillInForce()
    {
        Register($"<{Contact}>");
        var registry = new BindingRegistry();
        registry.Restore(Bindings.Snapshot(), _node.Now.UnixMs);
        registry.Knows(AccessTrunks.Phone, _node.Now.UnixMs).ShouldBeTrue();
        registry.Sweep(_node.Now.UnixMs + 119_000);
        registry.Count.ShouldBe(1);
        registry.Sweep(_node.Now.UnixMs + 121_000);
        registry.Count.ShouldBe(0);
        registry.Restore(Bindings.Snapshot(), _node.Now.UnixMs + 121_000);
        registry.Count.ShouldBe(0);
    }

    private bool Admits(string datagram, int port = 40123) => _node.Engine.Admits(
        Encoding.ASCII.GetBytes(datagram), AccessTrunks.Phone.WithPort((ushort)port), _node.Now);

    /// <summary>The whole exchange: REGISTER, 401, REGISTER with the digest; the last answer.</summary>
    private SentMessage Register(
        string contact, string headers = "", string callId = "", string to = "sip:1001@127.0.0.1")
    {
        var id = callId.Length == 0 ? $"r{++_serial}" : callId;
        var challenge = Send("", contact, headers, id, ++_serial, to);
        challenge.Code.ShouldBe(401);
        var line = DigestPeer.Authorize(challenge, "REGISTER", "sip:127.0.0.1", "1001");
        if (to.Contains("1002", StringComparison.Ordinal))
        {
            challenge = Send("", contact, headers, id, ++_serial);
            line = DigestPeer.Authorize(challenge, "REGISTER", "sip:127.0.0.1", "1001");
        }
        return Send(line, contact, headers, id, ++_serial, to);
    }

    private SentMessage Send(
        string authorization, string contact, string headers, string callId, int cseq, string to = "sip:1001@127.0.0.1")
    {
        var contactLine = contact.Length == 0 ? "" : $"Contact: {contact}\r\n";
        _node.Deliver(
            "REGISTER sip:127.0.0.1 SIP/2.0\r\n"
            + $"Via: SIP/2.0/UDP 192.168.1.5:5060;rport;branch=z9hG4bKr{++_serial}\r\n"
            + $"Max-Forwards: 70\r\nFrom: <sip:1001@127.0.0.1>;tag=t\r\nTo: <{to}>\r\nCall-ID: {callId}\r\n"
            + $"CSeq: {cseq} REGISTER\r\n{authorization}{contactLine}{headers}Content-Length: 0\r\n\r\n",
            AccessTrunks.Phone).ShouldBeTrue();
        return _node.TakeSent(AccessTrunks.Phone).ShouldHaveSingleItem();
    }
}
