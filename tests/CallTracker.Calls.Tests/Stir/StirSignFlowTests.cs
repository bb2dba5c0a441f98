using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Stir;

/// <summary>How an INVITE waits for its signature and what it carries, on the fake clock.</summary>
public sealed class StirSignFlowTests
{
    private const string Theirs = "a.b.c;info=<https://c.example.org/c.pem>;alg=ES256;ppt=shaken";
    private const string Ours = "d.e.f;info=<https://ours.example.org/c.pem>;alg=ES256;ppt=div";
    private const string Identity = "Identity: " + Theirs + "\r\n";

    [Fact]
    public void Invite_ToATrunkThatDoesNotSign_CarriesNoIdentity()
    {
        using var node = With(StirMode.Off);
        node.Dial(Peer.Invite(headers: Identity)).Headers("Identity").ShouldBeEmpty();
        node.Stir.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public void Invite_WithIdentity_IsDivertedBesideIt()
    {
        using var node = With(StirMode.Sign);
        var invite = Dial(node, StirJobKind.SignDiversion, Peer.Invite(headers: Identity), out var job);
        (job.Caller.ToString(), job.Called.ToString(), job.Diverting.ToString()).ShouldBe(
            ("0311112222", "0312345678", "0120000001"));
        invite.Headers("Identity").ShouldBe([Theirs, Ours]);
        node.Answer(invite);
        node.Engine.StirCounters.Signed.ShouldBe(1);
    }

    [Fact]
    public void Invite_WithoutIdentity_IsSignedAsAGatewayDoes()
    {
        using var node = With(StirMode.Both);
        var invite = Dial(node, StirJobKind.SignShaken, Peer.Invite(), out var job);
        (job.Attest, job.Origin, job.Caller.ToString()).ShouldBe((Attestation.C, "carrier", "0311112222"));
        invite.Headers("Identity").ShouldBe([Ours]);
    }

    [Fact]
    public void Invite_ShowingANumberOfOurs_IsSignedInFullAndHidesTheCallers()
    {
        using var node = With(StirMode.Sign);
        node.Routes.Set(new Route
        {
            Number = ScriptedRoutes.Number("0120000001"),
            OperatorId = "op",
            ShowsSystemNumber = true,
            SystemNumber = ScriptedRoutes.Number("0355556666"),
            Targets = [new RouteTarget(ScriptedRoutes.Number("0312345678"), 20_000)],
        });
        var invite = Dial(node, StirJobKind.SignShaken, Peer.Invite(headers: Identity), out var job);
        (job.Attest, job.Caller.ToString()).ShouldBe((Attestation.A, "0355556666"));
        invite.Headers("Identity").ShouldBe([Ours]);
    }

    [Fact]
    public void Invite_OfAWithheldCaller_IsNeitherSignedNorCarried()
    {
        using var node = With(StirMode.Sign);
        var headers = Identity + "Privacy: id\r\nP-Asserted-Identity: <sip:0311112222@x>\r\n";
        node.Dial(Peer.Invite(headers: headers)).Headers("Identity").ShouldBeEmpty();
        node.Stir.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public void Invite_OfACallerThatFailed_CarriesItsIdentityWithoutOurWord()
    {
        using var node = With(StirMode.Sign, StirMode.Verify);
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        var job = node.Stir.Take(StirJobKind.Verify);
        job.Verdict = StirVerdict.Because(StirReason.InvalidIdentity);
        node.Engine.OnStirDone(job, node.Now);
        var invite = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        invite.Headers("Identity").ShouldBe([Theirs]);
        invite.Header("From").ShouldContain("verstat=TN-Validation-Failed");
    }

    [Theory]
    [InlineData("no key")]
    [InlineData("full queue")]
    [InlineData("late")]
    [InlineData("unsignable")]
    public void Signature_NotToBeHad_DoesNotHoldUpTheCall(string why)
    {
        using var node = With(StirMode.Sign);
        (node.Stir.CanSign, node.Stir.IsFull) = (why != "no key", why == "full queue");
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        if (why == "late") node.Pass(550);
        if (why == "unsignable") node.Engine.OnStirDone(node.Stir.Take(StirJobKind.SignDiversion), node.Now);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Headers("Identity").ShouldBe([Theirs]);
        node.Engine.StirCounters.Unsigned.ShouldBe(1);
        if (why == "late") Sign(node, node.Stir.Take(StirJobKind.SignDiversion));
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
    }

    [Fact]
    public void Cancel_WhileSigning_SendsNothingToTheShop()
    {
        using var node = With(StirMode.Sign);
        node.Deliver(Peer.Invite(), Harness.Carrier);
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 200, 487]);
        Sign(node, node.Stir.Take(StirJobKind.SignShaken));
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Pass(600);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.CallerGaveUp);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Transport_BrokenWhenTheSignatureComes_EndsTheCallLikeAnyOther()
    {
        using var node = With(StirMode.Sign);
        node.Deliver(Peer.Invite(), Harness.Carrier);
        node.TakeSent(Harness.Carrier);
        node.Wire.IsBroken = true;
        Sign(node, node.Stir.Take(StirJobKind.SignShaken));
        node.Wire.IsBroken = false;
        node.Pass(33_000);
        node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldNotBe(CallOutcome.Answered);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void EachDestination_OfAHunt_IsSignedForItself()
    {
        using var node = With(StirMode.Sign);
        node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0387654321", 20_000)));
        var first = Dial(node, StirJobKind.SignDiversion, Peer.Invite(headers: Identity), out _);
        node.Deliver(Peer.Answer(first, 486), Harness.Shop);
        node.TakeSent(Harness.Shop).ShouldAllBe(m => m.Method == "ACK");
        var job = node.Stir.Take(StirJobKind.SignDiversion);
        (job.Called.ToString(), job.Diverting.ToString()).ShouldBe(("0387654321", "0120000001"));
        Sign(node, job);
        var second = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        second.Headers("Identity").ShouldBe([Theirs, Ours]);
        node.Answer(second);
    }

    [Fact]
    public void Drain_WhileSigning_LeavesNothingBehind()
    {
        using var node = With(StirMode.Sign);
        node.Deliver(Peer.Invite(), Harness.Carrier);
        node.Engine.EndAll(node.Now);
        Sign(node, node.Stir.Take(StirJobKind.SignShaken));
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.Drain);
        node.IsWhole.ShouldBeTrue();
    }

    private static SentMessage Dial(Harness node, StirJobKind kind, string invite, out StirJob job)
    {
        node.Deliver(invite, Harness.Carrier).ShouldBeTrue();
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        job = node.Stir.Take(kind);
        Sign(node, job);
        return node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
    }

    private static void Sign(Harness node, StirJob job)
    {
        job.TryAdd(Encoding.ASCII.GetBytes(Ours)).ShouldBeTrue();
        node.Engine.OnStirDone(job, node.Now);
    }

    private static Harness With(StirMode shop, StirMode carrier = StirMode.Off)
    {
        var node = new Harness();
        StirTrunks.Set(node, carrier, shop);
        return node;
    }
}
