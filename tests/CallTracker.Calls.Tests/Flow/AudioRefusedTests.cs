using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>
/// An answer without audio to an offer inside a call (RFC 3264 section 6): both sides must know the same of it.
/// </summary>
public sealed class AudioRefusedTests
{
    [Theory]
    [InlineData("INVITE")]
    [InlineData("UPDATE")]
    public void Answer_WithoutAudio_PassesAsItIsAndAudioMayComeBack(string method)
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        var carried = Offer(node, ok, method, 2);
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(0)), Harness.Shop);
        if (carried.Method == "INVITE")
            node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Method.ShouldBe("ACK");
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        answer.Code.ShouldBe(200);
        answer.Body.ShouldContain("m=audio 0 RTP/AVP 0 101");
        answer.Body.ShouldNotContain("127.0.0.9");
        if (method == "INVITE") node.Deliver(Peer.FromCaller(answer, "ACK", 2, "a2"), Harness.Carrier);
        node.Engine.ActiveCalls.ShouldBe(1);

        var again = Offer(node, ok, method, 3);
        again.AudioPort.ShouldBeGreaterThan(0);
        node.Deliver(Peer.Answer(again, 200, Peer.Sdp(42000)), Harness.Shop);
        var back = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (back.Code, back.AudioPort).ShouldBe((200, ok.AudioPort));
        node.Deliver(Peer.FromCaller(back, "ACK", 3, "a3"), Harness.Carrier);
        node.Deliver(Peer.FromCaller(ok, "BYE", 4, "b"), Harness.Carrier);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Answer_WithoutAudioInTheAck_Passes()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re"), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(42000)), Harness.Shop);
        var offer = node.TakeSent(Harness.Carrier)[^1];
        node.Deliver(Peer.FromCaller(offer, "ACK", 2, "a2", Peer.Sdp(0)), Harness.Carrier);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Body.ShouldContain("m=audio 0 ");
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Offer_WithoutAudioInThe2xx_IsAnsweredAndTheAskerRefused()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INVITE", 2, "re"), Harness.Carrier);
        var carried = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        node.Deliver(Peer.Answer(carried, 200, Peer.Sdp(0)), Harness.Shop);
        var ack = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        (ack.Method, ack.Body.Contains("m=audio 0 ", StringComparison.Ordinal)).ShouldBe(("ACK", true));
        node.TakeSent(Harness.Carrier)[^1].Code.ShouldBe(488);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Answer_ThatCannotBeUsedAtAll_IsStill488()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        var carried = Offer(node, ok, "INVITE", 2);
        var hostName = Peer.Sdp(42000).Replace("c=IN IP4 127.0.0.1", "c=IN IP4 shop.example", StringComparison.Ordinal);
        node.Deliver(Peer.Answer(carried, 200, hostName), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(488);
    }

    private static SentMessage Offer(Harness node, SentMessage ok, string method, int cseq)
    {
        node.Deliver(Peer.FromCaller(ok, method, cseq, $"re{cseq}", Peer.Sdp(40002)), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Count.ShouldBe(method == "INVITE" ? 1 : 0);
        return node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
    }
}
