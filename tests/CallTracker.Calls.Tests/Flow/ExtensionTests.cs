using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>Require, Supported and Allow say the truth (RFC 3261 sections 8.2.2.3, 11.2 and 20.5).</summary>
public sealed class ExtensionTests
{
    [Theory]
    [InlineData("100rel", ReliableProvisional.Supported, "")]
    [InlineData("timer", ReliableProvisional.Off, "")]
    [InlineData("100rel", ReliableProvisional.Off, "100rel")]
    [InlineData("replaces", ReliableProvisional.Supported, "replaces")]
    [InlineData("100rel, precondition, TIMER,gruu", ReliableProvisional.Supported, "precondition, gruu")]
    public void Invite_RequiringExtensions_IsRefusedForTheUnknownOnesOnly(
        string required, ReliableProvisional setting, string unsupported)
    {
        using var node = new Harness().UseTrunks(setting);
        node.Deliver(Peer.Invite(headers: $"Require: {required}\r\n"), Harness.Carrier);
        var answer = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        answer.Code.ShouldBe(unsupported.Length > 0 ? 420 : 100);
        answer.Header("Unsupported").ShouldBe(unsupported);
    }

    [Fact]
    public void Request_InTheDialogRequiringTheUnknown_Is420ButAByeEndsTheCall()
    {
        using var node = new Harness();
        var (_, ok) = node.Connect();
        node.Deliver(Peer.FromCaller(ok, "INFO", 2, "i", headers: "Require: x-one\r\n"), Harness.Carrier);
        var refusal = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        (refusal.Code, refusal.Header("Unsupported")).ShouldBe((420, "x-one"));
        node.Deliver(Peer.FromCaller(ok, "BYE", 3, "b", headers: "Require: x-one\r\n"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Timer_WhereItIsOff_IsNeitherOfferedNorTaken()
    {
        using var node = new Harness().UseTrunks(expiresSec: 0);
        node.Deliver(Peer.Invite(headers: "Require: timer\r\n"), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Header("Unsupported").ShouldBe("timer");
        var invite = node.Dial(Peer.Invite(
            headers: "Supported: timer\r\nSession-Expires: 30\r\n", branch: "z9hG4bKinv2", callId: "c2"));
        (invite.Header("Supported") + invite.Header("Session-Expires") + invite.Header("Min-SE")).ShouldBe("");
        node.Answer(invite).Ok.Header("Session-Expires").ShouldBe("");
    }

    [Fact]
    public void Options_OutsideAndInside_ListWhatWeDo()
    {
        using var node = new Harness().UseTrunks(ReliableProvisional.Supported);
        node.Deliver(Peer.Invite(body: null).Replace("INVITE", "OPTIONS", StringComparison.Ordinal), Harness.Carrier);
        var outside = node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        var (_, ok) = node.Connect(Peer.Invite(branch: "z9hG4bKinv2"));
        node.Deliver(Peer.FromCaller(ok, "OPTIONS", 2, "o"), Harness.Carrier);
        foreach (var answer in new[] { outside, node.TakeSent(Harness.Carrier).ShouldHaveSingleItem() })
        {
            answer.Code.ShouldBe(200);
            answer.Header("Allow").ShouldBe("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE");
            answer.Header("Supported").ShouldBe("100rel, timer");
            answer.Header("Accept").ShouldBe("application/sdp");
        }
        ok.Header("Allow").ShouldContain("UPDATE");
        ok.Header("Supported").ShouldBe("100rel, timer");
    }

    [Fact]
    public void Options_WhileDraining_Is503AsAnInviteWouldBe()
    {
        using var node = new Harness();
        node.Engine.StartDrain();
        node.Deliver(Peer.Invite(body: null).Replace("INVITE", "OPTIONS", StringComparison.Ordinal), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(503);
    }
}
