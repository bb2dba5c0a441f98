using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>3xx from a shop, followed where its trunk's settings allow it.</summary>
public sealed class RedirectTests
{
    [Fact]
    public void Redirect_Followed_DialsTheNumberThroughOurTrunks()
    {
        using var node = new Harness().UseTrunks(redirect: RedirectPolicy.Follow);
        var invite = node.Dial();
        node.Deliver(Peer.Answer(invite, 302, contact: "sip:0698765432@203.0.113.9:5999"), Harness.Shop);
        var sent = node.TakeSent(Harness.Shop);
        sent.Select(m => m.Method).ShouldBe(["ACK", "INVITE"]);
        sent[1].Uri.ShouldBe("sip:0698765432@127.0.0.1:5080", "the host of a contact is not believed");
        sent[1].Header("Call-ID").ShouldNotBe(invite.Header("Call-ID"));
        var (ok, _) = node.Answer(sent[1]);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        node.Journal.Ends.ShouldHaveSingleItem().Attempts.ShouldBe(["0312345678:302:shop", "0698765432:200:shop"]);
        node.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("sip:0120000001@x.example")]
    [InlineData("sip:0312345678@x.example")]
    [InlineData("sip:shop@x.example")]
    [InlineData("mailto:shop@x.example")]
    public void Redirect_ToWhereNoCallCanGo_IsAFailedAttempt(string contact)
    {
        using var node = new Harness().UseTrunks(redirect: RedirectPolicy.Follow);
        node.Deliver(Peer.Answer(node.Dial(), 302, contact: contact), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(480);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Redirects_WithoutEnd_StopAtTheBound()
    {
        using var node = new Harness().UseTrunks(redirect: RedirectPolicy.Follow);
        var invite = node.Dial();
        var count = 0;
        for (; invite is not null && count < 9; count++)
        {
            node.Deliver(Peer.Answer(invite, 302, contact: $"sip:069876543{count}@x.example"), Harness.Shop);
            invite = node.TakeSent(Harness.Shop).Find(m => m.Method == "INVITE")!;
        }
        count.ShouldBe(4);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(480);
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.LineUnavailable);
    }

    [Fact]
    public void Redirect_Followed_UsesUpTheSameRingTime()
    {
        using var node = new Harness().UseTrunks(redirect: RedirectPolicy.Follow);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 5_000)));
        var invite = node.Dial();
        foreach (var number in new[] { "0698765432", "0698765433" })
        {
            node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
            node.Pass(2_000);
            node.Deliver(Peer.Answer(invite, 302, contact: $"sip:{number}@x.example"), Harness.Shop);
            invite = node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE");
        }
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        node.Journal.Ends.ShouldBeEmpty();
        node.Pass(1_100);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.RingTimeout);
    }

    [Fact]
    public void Redirect_FollowedInVain_TheNextTargetIsTried()
    {
        using var node = new Harness().UseTrunks(redirect: RedirectPolicy.Follow);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 5_000), ("0612345678", 5_000)));
        node.Deliver(Peer.Answer(node.Dial(), 302, contact: "sip:0698765432@x.example"), Harness.Shop);
        node.Deliver(Peer.Answer(node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE"), 486), Harness.Shop);
        node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE").Uri.ShouldStartWith("sip:0612345678@");
    }
}
