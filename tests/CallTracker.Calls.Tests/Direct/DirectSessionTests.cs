using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Direct;

/// <summary>
/// A direct call whose BYE was lost is found although neither side speaks session timers, and a peer that moves its
/// media in an answer to us is followed.
/// </summary>
public sealed class DirectSessionTests : IDisposable
{
    private const int IntervalSec = 120;
    private const int DueMs = (IntervalSec * 500) + 100;
    // One offer at a time in a call: of two that are due together one waits (RFC 3261 section 14.1).
    private const int GlareMs = 4_100;
    private const string CallersContact = "sip:caller@127.0.0.1:5071";
    private readonly Harness _node = DirectTrunk.Use(
        new Harness(), new DirectTrunk { ExpiresSec = IntervalSec }, new DirectTrunk { ExpiresSec = IntervalSec });

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Peers_WithoutTimersOrUpdate_AreAskedByAReinviteWithTheSdpTheyHave()
    {
        var (invite, ok) = Connect();
        (ok.Header("Session-Expires"), ok.Header("Require")).ShouldBe(("", ""), "nobody who cannot is bound");
        for (var round = 0; round < 5; round++)
        {
            _node.Pass(DueMs);
            var toShop = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
            (toShop.Method, toShop.Body).ShouldBe(("INVITE", invite.Body));
            _node.Deliver(Peer.Answer(toShop, 200, Peer.Sdp(42000)), Harness.Shop);
            _node.TakeNew(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
            _node.Pass(GlareMs);
            AnswerCallersRefresh(ok, 40000);
        }
        _node.Engine.ActiveCalls.ShouldBe(1);
        _node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        _node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Peers_WithUpdate_AreAskedByUpdate()
    {
        Connect("Allow: UPDATE\r\n");
        _node.Pass(DueMs);
        var toShop = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        var toCaller = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (toShop.Method, toShop.Body, toCaller.Method, toCaller.Body).ShouldBe(("UPDATE", "", "UPDATE", ""));
    }

    [Theory]
    [InlineData(481, true)]
    [InlineData(408, true)]
    [InlineData(0, true)]
    [InlineData(488, false)]
    [InlineData(500, false)]
    [InlineData(501, false)]
    [InlineData(603, false)]
    public void Shop_ThatForgotTheCall_EndsItAndOneThatRefusesDoesNot(int code, bool isOver)
    {
        Connect("Allow: UPDATE\r\n");
        for (var round = 0; round < 4 && _node.Engine.ActiveCalls > 0; round++)
        {
            _node.Pass(DueMs);
            foreach (var sent in _node.TakeNew(Harness.Carrier).Where(m => m.Method == "UPDATE"))
                _node.Deliver(Peer.Answer(sent, 200, "", "", CallersContact), Harness.Carrier);
            var asked = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
            if (code != 0) _node.Deliver(Peer.Answer(asked, code), Harness.Shop);
            else _node.Pass(33_000);
        }
        _node.Engine.ActiveCalls.ShouldBe(isOver ? 0 : 1);
        if (!isOver) return;
        _node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.SessionExpired);
        _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("BYE");
    }

    [Fact]
    public void Caller_ThatForgotTheCall_EndsIt()
    {
        Connect("Allow: UPDATE\r\n");
        _node.Pass(DueMs);
        var asked = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(asked, 481, "", "", CallersContact), Harness.Carrier);
        _node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.SessionExpired);
    }

    [Fact]
    public void Peers_AfterALateOffer_AreAskedTheSameWay()
    {
        var invite = _node.Dial(Peer.Invite(body: null));
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a", Peer.Sdp(40000)), Harness.Carrier);
        var ack = _node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        _node.Pass(DueMs);
        var toShop = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        (toShop.Method, toShop.Body).ShouldBe(("INVITE", ack.Body));
        _node.Deliver(Peer.Answer(toShop, 200, Peer.Sdp(42000)), Harness.Shop);
        _node.Pass(GlareMs);
        AnswerCallersRefresh(ok, 40000);
    }

    [Fact]
    public void Shop_ThatMovesItsMediaInAnAnswerToUs_IsToldToTheCaller()
    {
        Connect();
        _node.Pass(DueMs);
        var toShop = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(toShop, 200, Peer.Sdp(42008)), Harness.Shop);
        var toCaller = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (toCaller.Method, toCaller.AudioPort).ShouldBe(("INVITE", 42008));
        _node.Deliver(Peer.Answer(toCaller, 200, Peer.Sdp(40000), "", CallersContact), Harness.Carrier);
        _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        _node.TakeNew(Harness.Shop).Select(m => m.Method).ShouldBe(["ACK"]);
    }

    [Fact]
    public void Answer_ThatNobodyOfferedFor_MovesNothing()
    {
        Connect("Allow: UPDATE\r\n");
        _node.Pass(DueMs);
        var toShop = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem().Body.ShouldBeEmpty();
        _node.Deliver(Peer.Answer(toShop, 200, Peer.Sdp(42008)), Harness.Shop);
        _node.TakeNew(Harness.Carrier).ShouldBeEmpty();
    }

    [Fact]
    public void Caller_ThatRefusesUpdateWithAnOffer_IsOfferedByReinvite()
    {
        Connect("Allow: UPDATE\r\n", shopAllow: "");
        _node.Pass(DueMs);
        var toShop = _node.TakeNew(Harness.Shop).ShouldHaveSingleItem();
        var probe = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.Answer(probe, 200, "", "", CallersContact), Harness.Carrier);
        _node.Deliver(Peer.Answer(toShop, 200, Peer.Sdp(42008)), Harness.Shop);
        var offer = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (offer.Method, offer.AudioPort).ShouldBe(("UPDATE", 42008));
        _node.Deliver(Peer.Answer(offer, 501, "", "", CallersContact), Harness.Carrier);
        var again = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (again.Method, again.Body).ShouldBe(("INVITE", offer.Body));
    }

    [Fact]
    public void Peers_ThatMoveWithEachAnswer_AreToldNoMoreThanABoundedNumberOfTimes()
    {
        Connect();
        _node.Pass(DueMs);
        var (port, asked) = (50_000, 0);
        for (var i = 0; i < 200; i++)
        {
            foreach (var peer in new[] { Harness.Shop, Harness.Carrier })
            {
                foreach (var sent in _node.TakeNew(peer).Where(m => m.Method == "INVITE"))
                {
                    asked++;
                    port += 2;
                    var contact = peer == Harness.Shop ? "sip:shop@127.0.0.1:5080" : CallersContact;
                    _node.Deliver(Peer.Answer(sent, 200, Peer.Sdp(port), "s1", contact), peer);
                }
            }
            _node.Pass(100);
        }
        asked.ShouldBeInRange(3, 34);
        _node.Engine.ActiveCalls.ShouldBe(1);
    }

    private (SentMessage Invite, SentMessage Ok) Connect(string allow = "", string? shopAllow = null)
    {
        var invite = _node.Dial(Peer.Invite(headers: allow));
        _node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000), headers: shopAllow ?? allow), Harness.Shop);
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "ack1"), Harness.Carrier);
        _node.TakeSent(Harness.Shop);
        return (invite, ok);
    }

    private void AnswerCallersRefresh(SentMessage ok, int port)
    {
        var refresh = _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem();
        (refresh.Method, refresh.Body).ShouldBe(("INVITE", ok.Body));
        _node.Deliver(Peer.Answer(refresh, 200, Peer.Sdp(port), "", CallersContact), Harness.Carrier);
        _node.TakeNew(Harness.Carrier).ShouldHaveSingleItem().Method.ShouldBe("ACK");
    }
}
