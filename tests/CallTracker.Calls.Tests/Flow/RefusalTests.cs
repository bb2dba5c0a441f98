using CallTracker.Calls.Model;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>INVITEs and other requests that no call can come of.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void Invite_MaxForwardsZero_Is483()
    {
        using var node = new Harness();
        Refused(node, Peer.Invite(maxForwards: 0), 483);
    }

    [Fact]
    public void Invite_RequiresAnExtension_Is420NamingIt()
    {
        using var node = new Harness();
        var answer = Refused(node, Peer.Invite(headers: "Require: 100rel\r\n"), 420);
        answer.Header("Unsupported").ShouldBe("100rel");
    }

    [Fact]
    public void Invite_OwnViaInIt_Is482()
    {
        using var node = new Harness();
        var invite = Peer.Invite().Replace(
            "Max-Forwards", "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bKours\r\nMax-Forwards",
                StringComparison.Ordinal);
        Refused(node, invite, 482);
    }

    [Fact]
    public void Invite_NoNumberInUri_Is404()
    {
        using var node = new Harness();
        Refused(node, Peer.Invite("sip:shop@127.0.0.1:5060"), 404);
    }

    [Fact]
    public void Invite_OtherBody_Is415()
    {
        using var node = new Harness();
        var invite = Peer.Invite().Replace("application/sdp", "text/plain", StringComparison.Ordinal);
        Refused(node, invite, 415).Header("Accept").ShouldBe("application/sdp");
    }

    [Fact]
    public void Invite_WhileDraining_Is503WithRetryAfter()
    {
        using var node = new Harness();
        node.Engine.StartDrain();
        Refused(node, Peer.Invite(), 503).Header("Retry-After").ShouldNotBe("");
    }

    [Fact]
    public void Invite_JournalNotWritable_Is503()
    {
        using var node = new Harness();
        node.Journal.IsWritable = false;
        Refused(node, Peer.Invite(), 503);
    }

    [Fact]
    public void Invite_FromATrunkWithoutInboundRight_Is403()
    {
        using var node = new Harness();
        node.Deliver(Peer.Invite(), Harness.Shop);
        node.TakeSent(Harness.Carrier).Concat(node.TakeSent(Harness.Shop)).ShouldHaveSingleItem().Code.ShouldBe(403);
        node.Journal.Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Invite_NoAudio_Is488AndOnRecord()
    {
        using var node = new Harness();
        var sdp = Peer.Sdp(40000).Replace("m=audio", "m=video", StringComparison.Ordinal);
        node.Deliver(Peer.Invite(body: sdp), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 488]);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnusableMedia);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Invite_NoPortsLeft_Is503AndOnRecord()
    {
        using var node = new Harness(sessions: 1);
        node.Connect();
        node.Deliver(Peer.Invite(callId: "c2@carrier", branch: "z9hG4bKinv2"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 503]);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.Capacity);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    [Fact]
    public void Invite_TableFull_Is503()
    {
        using var node = new Harness(settings: Harness.DefaultSettings with { CallsMax = 1 });
        node.Connect();
        Refused(node, Peer.Invite(callId: "c2@carrier", branch: "z9hG4bKinv2"), 503, entries: 2);
    }

    [Theory]
    [InlineData("OPTIONS", 200)]
    [InlineData("REGISTER", 405)]
    [InlineData("SUBSCRIBE", 405)]
    [InlineData("FROBNICATE", 501)]
    [InlineData("BYE", 481)]
    [InlineData("INFO", 481)]
    public void Request_OutsideAnyDialog_GetsItsAnswer(string method, int code)
    {
        using var node = new Harness();
        var text = Peer.Invite(body: null).Replace("INVITE", method, StringComparison.Ordinal);
        Refused(node, text, code);
    }

    [Fact]
    public void Request_WithATagOfNobody_Is481()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        var bye = Peer.FromCaller(ok, "BYE", 2, "x");
        node.Deliver(bye.Replace("tag=f1", "tag=f2", StringComparison.Ordinal), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(481);
        node.Engine.ActiveCalls.ShouldBe(1);
    }

    private static SentMessage Refused(Harness node, string request, int code, int entries = 0)
    {
        node.Deliver(request, Harness.Carrier).ShouldBeTrue();
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        answer.Code.ShouldBe(code);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Journal.Entries.Count.ShouldBe(entries);
        return answer;
    }
}
