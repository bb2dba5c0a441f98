using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Identity;

/// <summary>
/// Diversion and History-Info: added on every forward, read, carried on, converted, and used against loops.
/// </summary>
public sealed class ForwardingTests
{
    private const string Own = "<sip:0120000001@127.0.0.1;user=phone>;reason=unconditional;counter=1;privacy=off";
    private const string Before =
        "Diversion: <sip:0333330002@in.side>;reason=user-busy;counter=1\r\n" +
        "Diversion: \"A, B\" <tel:+81333330001>;reason=\"no-answer\";privacy=full\r\n";
    private const string BeforeAsList =
        "Diversion: <sip:0333330002@in.side>;reason=user-busy, \"A, B\" <tel:+81333330001>;reason=no-answer;" +
        "privacy=full\r\n";
    private const string BeforeAsHistory =
        "History-Info: <sip:0333330001@in.side?Privacy=history>;index=1, " +
        "<sip:0333330002@in.side;cause=408>;index=1.1;mp=1, <sip:0120000001@in.side;cause=486>;index=1.1.1\r\n";
    private const string BeforeAsOldHistory =
        "History-Info: <sip:0333330001@in.side?Reason=SIP%3Bcause%3D408&Privacy=history>;index=1\r\n" +
        "History-Info: <sip:0333330002@in.side?Reason=SIP%3Bcause%3d486%3Btext%3d%22Busy%22>;index=1.1\r\n" +
        "History-Info: <sip:0120000001@in.side>;index=1.1.1\r\n";

    [Fact]
    public void Forward_ByATrackingNumber_NamesItUnconditionally() =>
        Dial("", ForwardingHeader.Diversion).Headers("Diversion").ShouldBe([Own]);

    [Fact]
    public void Forward_WithHistoryInfo_NamesTheNumberAndTheTarget() =>
        Dial("", ForwardingHeader.HistoryInfo).Headers("History-Info").ShouldBe(
        [
            "<sip:0120000001@127.0.0.1>;index=1",
            "<sip:0312345678@127.0.0.1:5080;cause=302>;index=1.1;mp=1",
        ]);

    [Theory]
    [InlineData(ForwardingHeader.None, 0, 0)]
    [InlineData(ForwardingHeader.Diversion, 1, 0)]
    [InlineData(ForwardingHeader.HistoryInfo, 0, 2)]
    [InlineData(ForwardingHeader.Both, 1, 2)]
    public void Forward_ByTheTrunksChoice_HasTheseHeaders(ForwardingHeader choice, int diversions, int histories)
    {
        var invite = Dial("", choice);
        invite.Headers("Diversion").Count().ShouldBe(diversions);
        invite.Headers("History-Info").Count().ShouldBe(histories);
    }

    [Theory]
    [InlineData(Before)]
    [InlineData(BeforeAsList)]
    [InlineData(BeforeAsHistory)]
    [InlineData(BeforeAsOldHistory)]
    public void History_InAnyForm_IsCarriedInBoth(string headers)
    {
        var invite = Dial(headers, ForwardingHeader.Both);
        invite.Headers("Diversion").ShouldBe(
        [
            Own,
            "<sip:0333330002@127.0.0.1;user=phone>;reason=user-busy;counter=1;privacy=off",
            "<sip:0333330001@127.0.0.1;user=phone>;reason=no-answer;counter=1;privacy=full",
        ]);
        invite.Headers("History-Info").ShouldBe(
        [
            "<sip:0333330001@127.0.0.1?Privacy=history>;index=1",
            "<sip:0333330002@127.0.0.1;cause=408>;index=1.1;mp=1",
            "<sip:0120000001@127.0.0.1;cause=486>;index=1.1.1;mp=1.1",
            "<sip:0312345678@127.0.0.1:5080;cause=302>;index=1.1.1.1;mp=1.1.1",
        ]);
        invite.Text.ShouldNotContain("in.side");
    }

    [Fact]
    public void History_ToAnUntrustedTrunk_IsCountedAndNotNamed()
    {
        var invite = Dial(Before, ForwardingHeader.Both, isShopTrusted: false);
        invite.Headers("Diversion").ShouldHaveSingleItem().ShouldContain("0120000001");
        invite.Header("Diversion").ShouldContain("counter=3");
        invite.Headers("History-Info").Count().ShouldBe(2);
        invite.Text.ShouldNotContain("033333000");
    }

    [Fact]
    public void History_OfACallerWhoHidesIt_IsMarkedPrivate()
    {
        var invite = Dial(Before + "Privacy: history\r\n", ForwardingHeader.Both);
        invite.Headers("Diversion").Count(d => d.Contains("privacy=full", StringComparison.Ordinal)).ShouldBe(2);
        invite.Headers("History-Info").Count(d => d.Contains("?Privacy=history", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("Diversion: junk\r\n")]
    [InlineData("Diversion: <sip:@>;reason\r\n")]
    [InlineData("Diversion: <sip:desk@in.side>;reason=user-busy\r\n")]
    [InlineData("History-Info: <sip:0333330001@in.side>;index=1, <sip:0120000001@in.side>;index=1.1\r\n")]
    [InlineData("History-Info: <sip:0333330001@in.side?Reason=SIP%3Bcause>;index=1\r\n")]
    [InlineData("History-Info: <sip:0333330001@in.side?Reason=%3Bcause%3D4>;index=1\r\n")]
    public void History_ThatTellsOfNoForwarding_ChangesNothing(string headers) =>
        Dial(headers, ForwardingHeader.Diversion).Headers("Diversion").ShouldBe([Own]);

    [Theory]
    [InlineData(486, "user-busy", 486)]
    [InlineData(480, "no-answer", 408)]
    [InlineData(503, "unavailable", 503)]
    public void LaterTarget_AfterAFailure_CarriesItsReason(int code, string reason, int cause)
    {
        using var node = new Harness();
        node.UseTrunks(forwarding: ForwardingHeader.Both);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 5000), ("0312345679", 5000)));
        var first = node.Dial();
        node.Deliver(Peer.Answer(first, code), Harness.Shop);
        var second = node.TakeSent(Harness.Shop).Single(m => m.Method == "INVITE");
        second.Header("Diversion").ShouldBe(
            $"<sip:0120000001@127.0.0.1;user=phone>;reason={reason};counter=1;privacy=off");
        second.Headers("History-Info").Last().ShouldContain($"0312345679@127.0.0.1:5080;cause={cause}>");
    }

    [Theory]
    [InlineData("Diversion: <sip:0120000001@x>;reason=unconditional\r\n")]
    [InlineData("Diversion: <sip:+81120000001@x>;reason=unconditional\r\n")]
    [InlineData("Diversion: <sip:0333330009@x>;reason=unconditional, <tel:0120-000-001>;reason=unknown\r\n")]
    [InlineData("History-Info: <sip:0120000001@x>;index=1, <sip:0333330009@x;cause=302>;index=1.1, " +
        "<sip:0120000001@x;cause=302>;index=1.1.1\r\n")]
    [InlineData("Diversion: <sip:0333330009@x>;reason=unconditional;counter=5\r\n")]
    [InlineData("Diversion: <sip:0333330009@x>;reason=unconditional;counter=999999999999\r\n")]
    public void Call_ThatComesBackToItsNumber_IsALoopOnRecord(string headers)
    {
        using var node = new Harness();
        node.Deliver(Peer.Invite(headers: headers), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 482]);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.Loop);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Number_ThatCallsItself_IsALoop()
    {
        using var node = new Harness();
        node.Deliver(Peer.Invite(from: "<sip:+81120000001@c>"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 482]);
    }

    [Theory]
    [InlineData(ForwardingHeader.Diversion)]
    [InlineData(ForwardingHeader.HistoryInfo)]
    public void Ring_OfTwoTrackingNumbers_EndsAtItsSecondForward(ForwardingHeader header)
    {
        using var node = new Harness();
        node.UseTrunks(forwarding: header);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0120000002", 5000)));
        node.Routes.Set(Harness.MakeRoute("0120000002", ("0120000001", 5000)));
        var first = node.Dial();
        var second = node.Dial(Returned(first, "2"));
        node.Deliver(Returned(second, "3"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 482]);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
    }

    [Fact]
    public void History_LongerThanIsKept_KeepsItsEndsAndItsCount()
    {
        var many = string.Concat(Enumerable.Range(0, 40).Select(i => $"Diversion: <sip:03333{39 - i:D5}@x>\r\n"));
        using var node = new Harness(settings: Harness.DefaultSettings with { ForwardingsMax = 90 });
        node.UseTrunks(forwarding: ForwardingHeader.Both);
        var invite = node.Dial(Peer.Invite(headers: many));
        var lines = invite.Headers("Diversion").ToArray();
        lines.Length.ShouldBe(7);
        lines[1].ShouldContain("0333300039");
        lines[^1].ShouldContain("0333300000");
        lines.Sum(l => int.Parse(l.Split("counter=")[1].Split(';')[0])).ShouldBe(41);
    }

    // The far exchange sends our call back to the number it was sent to, as a call of its own.
    private static string Returned(SentMessage sent, string id)
    {
        var number = sent.Uri[4..sent.Uri.IndexOf('@', StringComparison.Ordinal)];
        var headers = string.Concat(new[] { "Diversion", "History-Info" }.SelectMany(
            name => sent.Headers(name).Select(value => $"{name}: {value}\r\n")));
        return Peer.Invite(
            $"sip:{number}@127.0.0.1:5060", headers: headers, callId: $"c{id}@carrier", branch: $"z9hG4bKinv{id}");
    }

    private static SentMessage Dial(string headers, ForwardingHeader choice, bool isShopTrusted = true)
    {
        using var node = new Harness();
        node.UseTrunks(isShopTrusted: isShopTrusted, forwarding: choice);
        return node.Dial(Peer.Invite(headers: headers));
    }
}
