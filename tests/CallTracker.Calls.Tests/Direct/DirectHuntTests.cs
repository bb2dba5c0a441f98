using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Direct;

/// <summary>
/// Several destinations or forks: each decides anew, and a caller that was told of one place for its media is told of
/// the other.
/// </summary>
public sealed class DirectHuntTests : IDisposable
{
    private static readonly DirectTrunk s_direct = new();
    private static readonly DirectTrunk s_anchored = new() { IsDirect = false };
    private readonly Harness _node = new();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void NextDestination_AfterABusyOne_DecidesAnew(bool first, bool second)
    {
        var next = HuntAfter(first, second, busyWith: 486);
        (next.AudioPort == 40000, _node.Engine.Media.OpenSessions).ShouldBe((second, second ? 0 : 1));
        _node.Deliver(Peer.Answer(next, 200, Peer.Sdp(43000)), DirectTrunk.SecondShop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (ok.AudioPort == 43000).ShouldBe(second);
        EndAs(ok, second);
    }

    // Its media goes to our port: a description of the second shop's would find it deaf (RFC 3261 section 13.2.1).
    [Fact]
    public void NextDestination_OfACallerThatSendsToUsAlready_IsAnchored()
    {
        var next = HuntAfter(first: false, second: true, busyWith: 486, early: true);
        (next.AudioPort != 40000, _node.Engine.Media.OpenSessions).ShouldBe((true, 1));
    }

    [Theory]
    [InlineData("", "INVITE", true)]
    [InlineData("Allow: UPDATE\r\n", "UPDATE", true)]
    [InlineData("", "INVITE", false)]
    public void NextDestination_AfterEarlyMediaOfADirectOne_IsOfferedToTheCallerAfterItsAck(
        string allow, string method, bool second)
    {
        var next = HuntAfter(first: true, second, busyWith: 486, early: true, headers: allow);
        _node.Deliver(Peer.Answer(next, 200, Peer.Sdp(43000)), DirectTrunk.SecondShop);
        _node.TakeSent(DirectTrunk.SecondShop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        var offer = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (offer.Method, offer.Body).ShouldBe((method, ok.Body));
        _node.Deliver(Peer.Answer(offer, 200, Peer.Sdp(40000), "", "sip:caller@127.0.0.1:5071"), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).Count(m => m.Method == "ACK").ShouldBe(method == "INVITE" ? 1 : 0);
        _node.TakeSent(DirectTrunk.SecondShop).ShouldBeEmpty("the caller's media is where it was");
        EndAs(ok, second);
    }

    [Fact]
    public void Answer_OfAnotherForkThanTheCallerWasTold_IsOfferedToItAfterItsAck()
    {
        DirectTrunk.Use(_node);
        var invite = _node.Dial();
        _node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000), "f-one"), Harness.Shop);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().AudioPort.ShouldBe(42000);
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(43000), "f-two"), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.AudioPort.ShouldBe(43000);
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldBe(ok.Body);
    }

    [Fact]
    public void NextDestination_WithoutAFreePort_IsRefusedAndTheOneAfterItStillDirect()
    {
        using var node = new Harness(sessions: 1);
        node.Dial(Peer.Invite(callId: "other@carrier", branch: "z9hG4bKother"));
        node.Engine.Media.OpenSessions.ShouldBe(1);
        DirectTrunk.Use(node, s_direct, s_anchored, s_direct);
        node.Deliver(Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.TakeSent(DirectTrunk.SecondShop).ShouldHaveSingleItem().AudioPort.ShouldBe(40000);
        node.Engine.Media.OpenSessions.ShouldBe(1);
    }

    private SentMessage HuntAfter(
        bool first, bool second, int busyWith, bool early = false, string headers = "")
    {
        DirectTrunk.Use(_node, s_direct, first ? s_direct : s_anchored, second ? s_direct : s_anchored);
        var invite = _node.Dial(Peer.Invite(headers: headers));
        (invite.AudioPort == 40000).ShouldBe(first);
        if (early) _node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000)), Harness.Shop);
        _node.TakeSent(Harness.Carrier).Count.ShouldBe(early ? 1 : 0);
        _node.Deliver(Peer.Answer(invite, busyWith), Harness.Shop);
        return _node.TakeSent(DirectTrunk.SecondShop).ShouldHaveSingleItem();
    }

    private void EndAs(SentMessage ok, bool isDirect)
    {
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a9"), Harness.Carrier);
        _node.Deliver(Peer.FromCaller(ok, "BYE", 9, "b9"), Harness.Carrier);
        _node.Journal.Ends.ShouldHaveSingleItem().MediaMode
            .ShouldBe(isDirect ? MediaMode.Direct : MediaMode.Anchored);
        _node.IsWhole.ShouldBeTrue();
    }
}
