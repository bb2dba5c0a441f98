using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Access;

/// <summary>The shop's trunk challenges our requests (RFC 3261 section 22).</summary>
public sealed class ChallengedByTrunkTests : IDisposable
{
    private readonly Harness _node = new();

    public ChallengedByTrunkTests() => UseCredentials("");

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Invite_Challenged_GoesOutAgainInTheSameDialogWithCredentials(bool isProxy)
    {
        var first = _node.Dial();
        var second = Challenge(first, "n1", isProxy);
        second.Method.ShouldBe("INVITE");
        DigestPeer.Proves(second, "n1", isProxy).ShouldBeTrue(second.Text);
        (second.Header("Call-ID"), second.Tag("From"), second.Header("CSeq"), second.Body)
            .ShouldBe((first.Header("Call-ID"), first.Tag("From"), "2 INVITE", first.Body));
        second.Branch.ShouldNotBe(first.Branch);
        var (_, ack) = _node.Answer(second);
        ack.Header("CSeq").ShouldBe("2 ACK");
        // RFC 3261 section 22.1: the ACK to a 2xx carries the credentials of its INVITE.
        ack.Header(isProxy ? "Proxy-Authorization" : "Authorization")
            .ShouldBe(second.Header(isProxy ? "Proxy-Authorization" : "Authorization"));
        _node.Journal.Entries[^1].Attempts.ShouldBe(["0312345678:200:shop"]);
    }

    [Fact]
    public void LaterRequests_CarryCredentialsUnasked_WithAGrowingCount()
    {
        var (_, ok) = ConnectChallenged("n1");
        _node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b1"), Harness.Carrier);
        var bye = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        bye.Header("CSeq").ShouldBe("3 BYE");
        DigestPeer.Proves(bye, "n1").ShouldBeTrue(bye.Text);
        DigestPeer.Field(bye.Header("Authorization"), "nc").ShouldBe("00000002");
        _node.Deliver(Peer.Answer(bye, 200), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        var next = _node.Dial(Peer.Invite(callId: "c2@carrier", branch: "z9hG4bKinv2"));
        DigestPeer.Field(next.Header("Authorization"), "nc").ShouldBe("00000003");
        DigestPeer.Proves(next, "n1").ShouldBeTrue(next.Text);
    }

    [Fact]
    public void Bye_ChallengedAfterTheCallIsGone_GoesOutAgain()
    {
        var (_, ok) = _node.Connect();
        _node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b1"), Harness.Carrier);
        var bye = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.IsWhole.ShouldBeTrue();
        _node.Deliver(Peer.Answer(bye, 401, headers: DigestPeer.Challenge("n1")), Harness.Shop);
        var again = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        again.Header("CSeq").ShouldBe("3 BYE");
        again.Header("To").ShouldBe(bye.Header("To"));
        DigestPeer.Proves(again, "n1").ShouldBeTrue(again.Text);
    }

    [Fact]
    public void Reinvite_Challenged_IsAnsweredToTheCallerOnlyOnce()
    {
        var (_, ok) = _node.Connect();
        _node.TakeSent(Harness.Carrier);
        _node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re1", Peer.Sdp(40002)), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        var again = Challenge(_node.TakeSent(Harness.Shop).ShouldHaveSingleItem(), "n1", isProxy: true);
        _node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        again.Header("CSeq").ShouldBe("3 INVITE");
        _node.Deliver(Peer.Answer(again, 200, Peer.Sdp(42000)), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("CSeq").ShouldBe("3 ACK");
    }

    [Fact]
    public void Password_Wrong_EndsTheAttemptAfterOneTry()
    {
        var second = Challenge(_node.Dial(), "n1");
        _node.Deliver(Peer.Answer(second, 401, headers: DigestPeer.Challenge("n2")), Harness.Shop);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(503);
        _node.Journal.Ends.ShouldHaveSingleItem().Attempts.ShouldBe(["0312345678:401:shop"]);
        _node.IsWhole.ShouldBeTrue();
        // What was refused is not sent unasked.
        _node.Dial(Peer.Invite(callId: "c2@carrier", branch: "z9hG4bKinv2")).Header("Authorization").ShouldBe("");
    }

    [Fact]
    public void Nonce_Stale_IsReplacedOnceAndNotForEver()
    {
        var second = Challenge(_node.Dial(), "n1");
        var third = Challenge(second, "n2", isStale: true);
        DigestPeer.Proves(third, "n2").ShouldBeTrue(third.Text);
        DigestPeer.Field(third.Header("Authorization"), "nc").ShouldBe("00000001");
        third.Header("CSeq").ShouldBe("3 INVITE");
        _node.Deliver(
            Peer.Answer(third, 401, headers: DigestPeer.Challenge("n3", isStale: true)), Harness.Shop);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(503);
    }

    [Fact]
    public void Nonce_OfAnEarlierCall_MayHaveGoneStale()
    {
        ConnectChallenged("n1");
        var unasked = _node.Dial(Peer.Invite(callId: "c2@carrier", branch: "z9hG4bKinv2"));
        var again = Challenge(unasked, "n2", isStale: true);
        DigestPeer.Proves(again, "n2").ShouldBeTrue(again.Text);
        again.Headers("Authorization").Count().ShouldBe(1);
        _node.Answer(again);
    }

    [Fact]
    public void ProxyAndServer_BothChallenging_AreBothAnswered()
    {
        var second = Challenge(_node.Dial(), "p1", isProxy: true);
        var third = Challenge(second, "s1");
        DigestPeer.Proves(third, "p1", isProxy: true).ShouldBeTrue(third.Text);
        DigestPeer.Proves(third, "s1").ShouldBeTrue(third.Text);
        _node.Answer(third);
    }

    [Fact]
    public void Realm_NotTheTrunks_GetsNoDigest()
    {
        UseCredentials("carrier.example");
        var invite = _node.Dial();
        _node.Deliver(Peer.Answer(invite, 407, headers: DigestPeer.Challenge("n1", isProxy: true)), Harness.Shop);
        _node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        _node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.LineUnavailable);
        _node.Engine.AccessCounters.Unanswered.ShouldBe(1);
    }

    [Fact]
    public void Peer_ElsewhereInTheDialog_GetsNoDigest()
    {
        var elsewhere = Core.Net.IpEndpoint.From(System.Net.IPAddress.Parse("127.0.0.77"), 5080);
        var invite = _node.Dial();
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), contact: "sip:x@127.0.0.77:5080"), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        _node.Deliver(Peer.FromCaller(ok, "INFO", 2, "i1", "x", "text/plain"), Harness.Carrier);
        var info = _node.TakeSent(elsewhere).Single(m => m.Method == "INFO");
        _node.Deliver(Peer.Answer(info, 401, headers: DigestPeer.Challenge("n1")), elsewhere);
        _node.TakeSent(elsewhere).ShouldBeEmpty();
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBeGreaterThanOrEqualTo(400);
    }

    [Fact]
    public void Cancel_AfterAChallenge_CancelsTheInviteInProgress()
    {
        var second = Challenge(_node.Dial(), "n1");
        _node.Deliver(Peer.Answer(second, 180), Harness.Shop);
        _node.Deliver(Peer.Cancel(), Harness.Carrier);
        var cancel = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (cancel.Method, cancel.Branch, cancel.Header("CSeq")).ShouldBe(("CANCEL", second.Branch, "2 CANCEL"));
    }

    [Fact]
    public void RingTime_OverAChallenge_CountsFromTheFirstInvite()
    {
        _node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 3000)));
        var first = _node.Dial();
        _node.Pass(2000);
        _node.TakeSent(Harness.Shop);
        var second = Challenge(first, "n1");
        _node.Deliver(Peer.Answer(second, 180), Harness.Shop);
        _node.Pass(1100);
        _node.TakeSent(Harness.Shop).ShouldContain(m => m.Method == "CANCEL" && m.Branch == second.Branch);
    }

    private void UseCredentials(string realm) => _node.Routes.Trunks = new TrunkTable(
    [
        _node.Routes.Trunks.FindInbound(Harness.Carrier, null)!,
        new Trunk
        {
            Id = "shop",
            OperatorId = "op",
            Address = Harness.Shop,
            Prefixes = [default],
            InboundFrom = [],
            Credentials = new TrunkCredentials
            {
                Username = Encoding.ASCII.GetBytes(DigestPeer.User),
                Secret = Encoding.ASCII.GetBytes(DigestPeer.Secret),
                Realm = Encoding.ASCII.GetBytes(realm),
            },
        },
    ]);

    /// <summary>The shop challenges; its ACK is seen and the request that comes again is given.</summary>
    private SentMessage Challenge(SentMessage request, string nonce, bool isProxy = false, bool isStale = false)
    {
        var headers = DigestPeer.Challenge(nonce, isProxy, isStale);
        _node.Deliver(Peer.Answer(request, isProxy ? 407 : 401, headers: headers), Harness.Shop).ShouldBeTrue();
        var sent = _node.TakeSent(Harness.Shop);
        sent.Count.ShouldBe(2);
        (sent[0].Method, sent[0].Branch).ShouldBe(("ACK", request.Branch));
        return sent[1];
    }

    private (SentMessage Invite, SentMessage Ok) ConnectChallenged(string nonce)
    {
        var invite = Challenge(_node.Dial(), nonce);
        var (ok, _) = _node.Answer(invite);
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        return (invite, ok);
    }
}
