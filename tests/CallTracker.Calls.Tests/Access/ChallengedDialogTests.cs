using System.Text;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Access;

/// <summary>
/// The shop's trunk challenges what we send of our own accord inside a dialog: session refreshes and PRACK.
/// </summary>
public sealed class ChallengedDialogTests : IDisposable
{
    private const string Refreshed = "Session-Expires: 600;refresher=uac\r\n";
    private readonly Harness _node = new(media: Harness.PatientMedia);

    public ChallengedDialogTests() => _node.Routes.Trunks = new TrunkTable(
    [
        Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128)),
        new Trunk
        {
            Id = "shop",
            OperatorId = "op",
            Address = Harness.Shop,
            Prefixes = [default],
            InboundFrom = [],
            SessionExpiresSec = 600,
            ReliableProvisional = ReliableProvisional.Supported,
            Credentials = new TrunkCredentials
            {
                Username = Encoding.ASCII.GetBytes(DigestPeer.User),
                Secret = Encoding.ASCII.GetBytes(DigestPeer.Secret),
            },
        },
    ]);

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("INVITE", false)]
    [InlineData("INVITE", true)]
    [InlineData("UPDATE", false)]
    [InlineData("UPDATE", true)]
    public void Refresh_Challenged_GoesOutAgainAndTheSessionGoesOn(string method, bool isProxy)
    {
        Connect(method);
        _node.Pass(301_000);
        var refresh = TakeOne(method);
        var again = Challenge(refresh, "n1", isProxy);
        (again.Method, again.Body, again.Header("Session-Expires"))
            .ShouldBe((method, refresh.Body, refresh.Header("Session-Expires")));
        DigestPeer.Proves(again, "n1", isProxy).ShouldBeTrue(again.Text);
        Grant(again);
        // The next one carries its credentials unasked, and the call outlives the interval.
        _node.Pass(301_000);
        var next = TakeOne(method);
        DigestPeer.Proves(next, "n1", isProxy).ShouldBeTrue(next.Text);
        Grant(next);
        _node.Engine.ActiveCalls.ShouldBe(1);
        _node.TakeNew(Harness.Carrier).ShouldBeEmpty();
    }

    [Fact]
    public void Refresh_WithAWrongPassword_IsTriedAgainAndTheCallEndsWithItsSession()
    {
        Connect("UPDATE");
        _node.Pass(301_000);
        var again = Challenge(TakeOne("UPDATE"), "n1", isProxy: false);
        _node.Deliver(Peer.Answer(again, 401, headers: DigestPeer.Challenge("n2")), Harness.Shop);
        _node.Pass(11_000);
        TakeOne("UPDATE").Header("Authorization").ShouldBe("");
        _node.Pass(300_000);
        _node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(Calls.Model.EndReason.SessionExpired);
    }

    [Fact]
    public void Reinvite_AfterAChallengedRefresh_IsNotTakenForGlare()
    {
        var ok = Connect("INVITE");
        _node.Pass(301_000);
        Grant(Challenge(TakeOne("INVITE"), "n1", isProxy: false));
        _node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re", Peer.Sdp(40002)), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        TakeOne("INVITE").Body.ShouldContain("m=audio");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Prack_Challenged_GoesOutAgainInItsEarlyDialog(bool isProxy)
    {
        var invite = _node.Dial();
        _node.Deliver(DialogTrunks.Reliable(invite, 183, 5, Peer.Sdp(42000)), Harness.Shop);
        var prack = TakeOne("PRACK");
        var again = Challenge(prack, "n1", isProxy);
        (again.Header("RAck"), again.Header("CSeq"), again.Header("To"))
            .ShouldBe(("5 1 INVITE", "3 PRACK", prack.Header("To")));
        DigestPeer.Proves(again, "n1", isProxy).ShouldBeTrue(again.Text);
        _node.Deliver(Peer.Answer(again, 200), Harness.Shop);
        // What follows in the dialog counts on, and has its credentials.
        _node.Deliver(DialogTrunks.Reliable(invite, 180, 6), Harness.Shop);
        var next = TakeOne("PRACK");
        (next.Header("RAck"), next.Header("CSeq")).ShouldBe(("6 1 INVITE", "4 PRACK"));
        DigestPeer.Proves(next, "n1", isProxy).ShouldBeTrue(next.Text);
    }

    [Fact]
    public void Prack_ChallengedInAnotherFork_CountsInThatForksDialog()
    {
        var invite = _node.Dial();
        _node.Deliver(DialogTrunks.Reliable(invite, 183, 1, Peer.Sdp(42000), "f-one"), Harness.Shop);
        TakeOne("PRACK").Header("CSeq").ShouldBe("2 PRACK");
        for (var rseq = 1; rseq <= 3; rseq++)
        {
            _node.Deliver(DialogTrunks.Reliable(invite, 183, rseq, "", "f-two"), Harness.Shop);
            TakeOne("PRACK").Header("CSeq").ShouldBe($"{rseq + 1} PRACK");
        }
        _node.Deliver(DialogTrunks.Reliable(invite, 180, 4, "", "f-two"), Harness.Shop);
        var again = Challenge(TakeOne("PRACK"), "n1", isProxy: false);
        (again.Header("CSeq"), again.Tag("To")).ShouldBe(("6 PRACK", "f-two"));
        _node.Deliver(DialogTrunks.Reliable(invite, 180, 5, "", "f-two"), Harness.Shop);
        TakeOne("PRACK").Header("CSeq").ShouldBe("7 PRACK");
        _node.Deliver(DialogTrunks.Reliable(invite, 180, 2, "", "f-one"), Harness.Shop);
        TakeOne("PRACK").Header("CSeq").ShouldBe("3 PRACK");
    }

    [Fact]
    public void Prack_AfterAChallengedInvite_NamesTheInviteThatWasTaken()
    {
        var again = Challenge(_node.Dial(), "n1", isProxy: false);
        _node.Deliver(DialogTrunks.Reliable(again, 183, 9, Peer.Sdp(42000)), Harness.Shop);
        var prack = TakeOne("PRACK");
        (prack.Header("RAck"), prack.Header("CSeq")).ShouldBe(("9 2 INVITE", "3 PRACK"));
        DigestPeer.Proves(prack, "n1").ShouldBeTrue(prack.Text);
    }

    private SentMessage Connect(string refreshMethod)
    {
        var invite = _node.Dial();
        var allow = refreshMethod == "UPDATE" ? "Allow: INVITE, ACK, BYE, UPDATE\r\n" : "Allow: INVITE, ACK, BYE\r\n";
        var headers = allow + Refreshed + "Require: timer\r\n";
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), headers: headers), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        return ok;
    }

    private SentMessage TakeOne(string method)
    {
        var sent = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        sent.Method.ShouldBe(method);
        return sent;
    }

    private SentMessage Challenge(SentMessage request, string nonce, bool isProxy)
    {
        var headers = DigestPeer.Challenge(nonce, isProxy);
        _node.Deliver(Peer.Answer(request, isProxy ? 407 : 401, headers: headers), Harness.Shop).ShouldBeTrue();
        return _node.TakeSent(Harness.Shop).Single(m => m.Method != "ACK");
    }

    private void Grant(SentMessage refresh)
    {
        var body = refresh.Method == "INVITE" ? Peer.Sdp(42000) : "";
        _node.Deliver(Peer.Answer(refresh, 200, body, headers: Refreshed), Harness.Shop);
        var acks = refresh.Method == "INVITE" ? new[] { "ACK" } : [];
        _node.TakeSent(Harness.Shop).Select(m => m.Method).ShouldBe(acks);
    }
}
