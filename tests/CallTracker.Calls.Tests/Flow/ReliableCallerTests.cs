using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Reliable 18x towards the caller (RFC 3262 section 3), whatever the shop speaks.</summary>
public sealed class ReliableCallerTests
{
    private const string Supports = "Supported: 100rel\r\n";

    [Theory]
    [InlineData(ReliableProvisional.Supported, Supports, true)]
    [InlineData(ReliableProvisional.Supported, "Require: 100rel\r\n", true)]
    [InlineData(ReliableProvisional.Required, Supports, true)]
    [InlineData(ReliableProvisional.Supported, "", false)]
    [InlineData(ReliableProvisional.Off, Supports, false)]
    public void Ringing_CallerAndTrunk_DecideTogetherWhetherItIsReliable(
        ReliableProvisional setting, string headers, bool isReliable)
    {
        using var node = new Harness().UseTrunks(setting, shopReliable: ReliableProvisional.Off);
        var ringing = Ring(node, headers);
        ringing.Header("Require").ShouldBe(isReliable ? "100rel" : "");
        (ringing.Header("RSeq").Length > 0).ShouldBe(isReliable);
    }

    [Fact]
    public void Invite_WithoutSupportWhereItIsRequired_Is421()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Required);
        node.Deliver(Peer.Invite(), Harness.Carrier);
        var refusal = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (refusal.Code, refusal.Header("Require")).ShouldBe((421, "100rel"));
    }

    [Fact]
    public void Ringing_LostPracks_IsRepeatedInDoublingIntervals()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var first = Ring(node, Supports);
        node.TakeSent(Harness.Shop);
        var times = new List<long>();
        for (var start = node.Now.NowMs; node.Now.NowMs < start + 19_000;)
        {
            node.Pass(50);
            if (node.TakeSent(Harness.Carrier).Any(m => m.Text == first.Text)) times.Add(node.Now.NowMs - start);
        }
        times.Count.ShouldBe(5);
        var expected = 500;
        foreach (var time in times)
        {
            time.ShouldBeInRange(expected, expected + 300);
            expected = (expected * 2) + 500;
        }
    }

    [Fact]
    public void Prack_Never_EndsTheCallWith504AndCancelsTheShop()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 60_000)));
        Ring(node, Supports);
        node.TakeSent(Harness.Shop);
        node.Pass(32_100);
        node.TakeSent(Harness.Carrier).ShouldContain(m => m.Code == 504);
        node.TakeSent(Harness.Shop).ShouldContain(m => m.Method == "CANCEL");
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.AckTimeout);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Prack_Matching_StopsTheRepetition()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var ringing = Ring(node, Supports);
        node.Deliver(DialogTrunks.Prack(ringing, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.Pass(15_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("9 1 INVITE")]
    [InlineData("{0} 2 INVITE")]
    [InlineData("{0} 1 UPDATE")]
    [InlineData("{0} 1")]
    [InlineData("")]
    public void Prack_ThatMatchesNothing_Is481AndTheRepetitionGoesOn(string rack)
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var ringing = Ring(node, Supports);
        var value = string.Format(System.Globalization.CultureInfo.InvariantCulture, rack, ringing.Header("RSeq"));
        var header = rack.Length == 0 ? "" : $"RAck: {value}\r\n";
        node.Deliver(Peer.FromCaller(ringing, "PRACK", 2, "p", headers: header), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(481);
        node.Pass(600);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(180);
    }

    [Fact]
    public void Prack_Twice_TheSecondIs481()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var ringing = Ring(node, Supports);
        node.Deliver(DialogTrunks.Prack(ringing, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Deliver(DialogTrunks.Prack(ringing, 3), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(481);
    }

    [Fact]
    public void Progress_WhileOneWaits_FollowsAfterItsPrackWithTheNextNumber()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: Supports));
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        var first = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Deliver(DialogTrunks.Prack(first, 2), Harness.Carrier);
        var sent = node.TakeSent(Harness.Carrier);
        sent.Select(m => m.Code).ShouldBe([200, 183]);
        sent[1].Body.ShouldContain("m=audio");
        long.Parse(sent[1].Header("RSeq")).ShouldBe(long.Parse(first.Header("RSeq")) + 1);
    }

    [Fact]
    public void Answer_WhileA183WithSdpWaits_ComesAfterItsPrackAndWithoutSdp()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: Supports));
        node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000)), Harness.Shop);
        var progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
        node.Journal.Entries.ShouldNotContain(e => e.Kind == "answer");
        node.Deliver(DialogTrunks.Prack(progress, 2), Harness.Carrier);
        var sent = node.TakeSent(Harness.Carrier);
        sent.Select(m => m.Header("CSeq")).ShouldBe(["2 PRACK", "1 INVITE"]);
        sent[1].Code.ShouldBe(200);
        sent[1].Body.ShouldBe("");
        node.Deliver(Peer.FromCaller(sent[1], "ACK", 1, "a"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(sent[1], "BYE", 3, "b"), Harness.Carrier);
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.Answered);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Answer_WhileABare180Waits_GoesOutAtOnceAndItsPrackIsStillTaken()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = node.Dial(Peer.Invite(headers: Supports));
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        var ringing = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        var (ok, _) = node.Answer(invite);
        ok.Body.ShouldContain("m=audio");
        node.Deliver(DialogTrunks.Prack(ringing, 2), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        node.Pass(40_000);
        node.TakeSent(Harness.Carrier).ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_WhileTheAnswerWaits_EndsTheShopWithBye()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        HoldAnswer(node, out _);
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([200, 487]);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("BYE");
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.CallerGaveUp);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void ShopHangsUp_WhileTheAnswerWaits_TheCallerGets480()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        var invite = HoldAnswer(node, out _);
        node.Deliver(Peer.FromShop(invite, "BYE", 1, "early"), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(480);
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.NoAnswer);
        node.IsWhole.ShouldBeTrue();
    }

    private static SentMessage HoldAnswer(Harness node, out SentMessage progress)
    {
        var invite = node.Dial(Peer.Invite(headers: Supports));
        node.Deliver(Peer.Answer(invite, 183, Peer.Sdp(42000)), Harness.Shop);
        progress = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(invite, 200, Peer.Sdp(42000)), Harness.Shop);
        node.TakeSent(Harness.Shop);
        return invite;
    }

    private static SentMessage Ring(Harness node, string headers)
    {
        var invite = node.Dial(Peer.Invite(headers: headers));
        node.Deliver(Peer.Answer(invite, 180), Harness.Shop);
        return node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
    }
}
