using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Access;

/// <summary>
/// The shop's trunk challenges an INVITE that one of its forks has already offered media for in a reliable 18x: the
/// caller's answer comes when that fork is no more.
/// </summary>
public sealed class ChallengedEarlyOfferTests : IDisposable
{
    private readonly Harness _node = new();

    public ChallengedEarlyOfferTests() => _node.Routes.Trunks = new TrunkTable(
    [
        new Trunk
        {
            Id = "carrier",
            OperatorId = "op",
            Address = Harness.Carrier,
            Prefixes = [],
            InboundFrom = [new InboundSource(Harness.Carrier, 128)],
            ReliableProvisional = ReliableProvisional.Supported,
        },
        new Trunk
        {
            Id = "shop",
            OperatorId = "op",
            Address = Harness.Shop,
            Prefixes = [default],
            InboundFrom = [],
            ReliableProvisional = ReliableProvisional.Supported,
            Credentials = new TrunkCredentials
            {
                Username = Encoding.ASCII.GetBytes(DigestPeer.User),
                Secret = Encoding.ASCII.GetBytes(DigestPeer.Secret),
            },
        },
    ]);

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Prack_WithTheAnswerToAnOfferThatAChallengeMadeVoid_IsTakenAndNothingFails()
    {
        var (offer, again) = OfferAndChallenge();
        // Another fork rings for the INVITE that came again: the dialog is its own now.
        _node.Deliver(Peer.Answer(again, 180, tag: "s2"), Harness.Shop);
        _node.Deliver(DialogTrunks.Prack(offer, 2, Peer.Sdp(40000)), Harness.Carrier);
        _node.TakeSent(Harness.Carrier)[0].Code.ShouldBe(200);
        _node.TakeSent(Harness.Shop).ShouldBeEmpty("its offer is void, and so is the wait for an answer");
        _node.Deliver(Peer.Answer(again, 486, tag: "s2"), Harness.Shop);
        _node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.Rejected);
        _node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Ringing_ReliableAfterTheChallenge_BeginsItsOwnCount()
    {
        var (offer, again) = OfferAndChallenge();
        _node.Deliver(DialogTrunks.Prack(offer, 2, Peer.Sdp(40000)), Harness.Carrier);
        _node.TakeSent(Harness.Carrier)[0].Code.ShouldBe(200);
        _node.Deliver(DialogTrunks.Reliable(again, 180, 77), Harness.Shop);
        var prack = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (prack.Method, prack.Header("RAck")).ShouldBe(("PRACK", "77 2 INVITE"));
    }

    private (SentMessage Offer, SentMessage Again) OfferAndChallenge()
    {
        var first = _node.Dial(Peer.Invite(body: null, headers: "Supported: 100rel\r\n"));
        _node.Deliver(DialogTrunks.Reliable(first, 183, 1, Peer.Sdp(42000)), Harness.Shop);
        var offer = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        offer.Body.ShouldContain("m=audio");
        _node.Deliver(Peer.Answer(first, 401, headers: DigestPeer.Challenge("n1")), Harness.Shop);
        var sent = _node.TakeSent(Harness.Shop);
        sent.Select(m => m.Method).ShouldBe(["ACK", "INVITE"]);
        return (offer, sent[1]);
    }
}
