using System.Text;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Stir;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Stir;

/// <summary>How a call waits for the verification of its caller, on the fake clock.</summary>
public sealed class StirVerifyFlowTests
{
    private const string Identity = "Identity: a.b.c;info=<https://c.example.org/c.pem>;alg=ES256;ppt=shaken\r\n";
    private static readonly StirVerdict Passed = StirVerdict.Passed(Attestation.A);

    [Theory]
    [InlineData(StirMode.Off, false)]
    [InlineData(StirMode.Sign, false)]
    [InlineData(StirMode.Verify, true)]
    [InlineData(StirMode.Both, true)]
    public void Call_OfATrunk_IsVerifiedWhereItAsks(StirMode mode, bool isVerified)
    {
        using var node = With(mode);
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        node.Stir.Jobs.Count.ShouldBe(isVerified ? 1 : 0);
        node.TakeSent(Harness.Shop).Count.ShouldBe(isVerified ? 0 : 1);
    }

    [Fact]
    public void Job_OfACall_HoldsWhatIsCompared()
    {
        using var node = With(StirMode.Verify);
        var headers = Identity + "Identity: second\r\nDate: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
            + "P-Asserted-Identity: <tel:+81-3-9999-0000>\r\n";
        node.Deliver(
            Peer.Invite(headers: headers).Replace("To: <sip:0120000001", "To: <sip:0120777777"), Harness.Carrier);
        var job = node.Stir.Take(StirJobKind.Verify);
        (job.Caller.ToString(), job.Called.ToString(), job.To.ToString()).ShouldBe(
            ("0399990000", "0120000001", "0120777777"));
        (Encoding.ASCII.GetString(job.Date), Encoding.ASCII.GetString(job.CallId)).ShouldBe(
            ("Sat, 13 Nov 2010 23:29:00 GMT", Peer.CallId));
        job.IdentityCount.ShouldBe(2);
        Encoding.ASCII.GetString(job.Identity(0)).ShouldBe(Identity[10..^2]);
        Encoding.ASCII.GetString(job.Identity(1)).ShouldBe("second");
        job.UnixMs.ShouldBe(node.Now.UnixMs);
    }

    [Fact]
    public void Verdict_ComingInTime_LetsTheCallGoOnAndIsOnTheRecord()
    {
        using var node = With(StirMode.Verify);
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        node.Pass(300);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        Answer(node, Passed);
        var invite = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        invite.Header("From").ShouldContain("0311112222;verstat=TN-Validation-Passed@");
        invite.Header("P-Asserted-Identity").ShouldContain("0311112222;verstat=TN-Validation-Passed@");
        node.Deliver(Peer.Answer(invite, 486), Harness.Shop);
        node.Journal.Ends.ShouldHaveSingleItem().Stir.ShouldBe(Passed);
        node.Pass(40_000);
        node.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData(StirReason.InvalidIdentity, true, 438)]
    [InlineData(StirReason.UnsupportedCredential, true, 437)]
    [InlineData(StirReason.StaleDate, true, 403)]
    [InlineData(StirReason.BadIdentityInfo, true, 0)]
    [InlineData(StirReason.None, true, 0)]
    [InlineData(StirReason.InvalidIdentity, false, 0)]
    public void Caller_ThatFailed_IsRefusedOnlyWhereTheTrunkSaysSo(StirReason reason, bool refuses, int code)
    {
        using var node = new Harness();
        StirTrunks.Set(node, StirMode.Verify, StirMode.Off, refuses: refuses);
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        Answer(node, StirVerdict.Because(reason));
        node.TakeSent(Harness.Shop).Count.ShouldBe(code == 0 ? 1 : 0);
        if (code == 0) return;
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, code]);
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Reason, end.EndedBy, end.SipCode).ShouldBe((EndReason.CallerUnverified, CallParty.System, code));
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Verstat_ToATrunkOutsideTheTrustDomain_IsNotTold()
    {
        using var node = With(StirMode.Verify, shop: (StirMode.Off, false));
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        Answer(node, Passed);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Text.ShouldNotContain("verstat");
    }

    [Fact]
    public void Verstat_ThatTheCallerSent_IsNotCarriedOn()
    {
        using var node = With(StirMode.Off);
        var invite = node.Dial(Peer.Invite(from: "<sip:0311112222;verstat=TN-Validation-Passed@127.0.0.1>"));
        invite.Text.ShouldNotContain("verstat");
        invite.Header("From").ShouldContain("sip:0311112222@");
    }

    [Fact]
    public void Verdict_NotComing_IsNotWaitedForLong()
    {
        using var node = With(StirMode.Verify);
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        node.Pass(1450);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Pass(100);
        var invite = node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
        invite.Header("From").ShouldContain("verstat=No-TN-Validation");
        node.Engine.StirCounters.Unverified.ShouldBe(1);
        // The late answer changes nothing and its job is lent again.
        Answer(node, Passed);
        node.Deliver(Peer.Answer(invite, 486), Harness.Shop);
        node.Journal.Ends.ShouldHaveSingleItem().Stir.Verstat.ShouldBe(Verstat.NoTnValidation);
    }

    [Fact]
    public void Call_WithoutIdentity_GoesOnAtOnceWith428()
    {
        using var node = With(StirMode.Verify);
        var invite = node.Dial();
        node.Stir.Jobs.ShouldBeEmpty();
        node.Deliver(Peer.Answer(invite, 486), Harness.Shop);
        var verdict = node.Journal.Ends.ShouldHaveSingleItem().Stir;
        (verdict.Verstat, verdict.SipCode).ShouldBe((Verstat.NoTnValidation, (ushort)428));
    }

    [Fact]
    public void Route_ComingAfterTheVerdict_IsWaitedFor()
    {
        using var node = With(StirMode.Verify);
        node.Routes.Otherwise = RouteLookup.Pending;
        var uri = "sip:0120000009@127.0.0.1:5060";
        node.Deliver(Peer.Invite(uri, headers: Identity), Harness.Carrier);
        node.Pass(200);
        Answer(node, Passed);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.Routes.Set(Harness.MakeRoute("0120000009", ("0312345678", 20_000)));
        node.Engine.OnRouteSettled(ScriptedRoutes.Number("0120000009"), node.Now);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("From").ShouldContain("Passed");
    }

    [Fact]
    public void Route_ComingBeforeTheVerdict_StopsItsOwnTimeOut()
    {
        using var node = With(StirMode.Verify, settings: Harness.DefaultSettings with
        {
            RouteTimeoutMs = 500,
            StirTimeoutMs = 1500,
        });
        node.Routes.Otherwise = RouteLookup.Pending;
        node.Deliver(Peer.Invite("sip:0120000009@127.0.0.1:5060", headers: Identity), Harness.Carrier);
        node.Pass(400);
        node.Routes.Set(Harness.MakeRoute("0120000009", ("0312345678", 20_000)));
        node.Engine.OnRouteSettled(ScriptedRoutes.Number("0120000009"), node.Now);
        node.Pass(600);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        Answer(node, Passed);
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem();
    }

    [Fact]
    public void Cancel_WhileVerifying_EndsTheCallWithItsRecord()
    {
        using var node = With(StirMode.Verify);
        node.Deliver(Peer.Invite(headers: Identity), Harness.Carrier);
        node.Deliver(Peer.Cancel(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 200, 487]);
        node.Journal.Ends.ShouldHaveSingleItem().Stir.Verstat.ShouldBe(Verstat.NoTnValidation);
        Answer(node, Passed);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Number_ThatDoesNotExist_IsRefusedWithoutWaiting()
    {
        using var node = With(StirMode.Verify);
        node.Deliver(Peer.Invite("sip:0120000009@127.0.0.1:5060", headers: Identity), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 404]);
        Answer(node, Passed);
        node.Journal.Ends.ShouldHaveSingleItem().Reason.ShouldBe(EndReason.UnknownNumber);
        node.IsWhole.ShouldBeTrue();
    }

    [Theory]
    [InlineData("full queue")]
    [InlineData("too many fields")]
    [InlineData("too many bytes")]
    public void Identity_ThatFindsNoRoom_LetsTheCallGoOn(string why)
    {
        using var node = With(StirMode.Verify);
        node.Stir.IsFull = why == "full queue";
        var count = why == "too many fields" ? StirJob.IdentityCountMax + 1 : why == "too many bytes" ? 3 : 1;
        var padding = why == "too many bytes" ? new string('a', 3000) : "";
        var headers = string.Concat(Enumerable.Repeat($"Identity: {padding}a.b.c;info=<https://x/>\r\n", count));
        node.Deliver(Peer.Invite(headers: headers), Harness.Carrier);
        node.Stir.Jobs.ShouldBeEmpty();
        node.TakeSent(Harness.Shop).ShouldHaveSingleItem().Header("From").ShouldContain("No-TN-Validation");
        node.Engine.StirCounters.Unverified.ShouldBe(1);
    }

    [Fact]
    public void Jobs_AllOutOrLost_AreLentAgainOnceMarkedLost()
    {
        using var node = With(StirMode.Verify, settings: Harness.DefaultSettings with { CallsMax = 400 });
        for (var i = 0; i < StirDesk.JobsMax + 1; i++) Deliver(i);
        node.Stir.Jobs.Count.ShouldBe(StirDesk.JobsMax);
        node.Engine.StirCounters.Unverified.ShouldBe(1);
        node.Stir.Jobs[7].MarkLost();
        Deliver(1000);
        node.Stir.Jobs.Count.ShouldBe(StirDesk.JobsMax + 1);
        node.Stir.Jobs[^1].ShouldBe(node.Stir.Jobs[7]);

        void Deliver(int i) => node.Deliver(
            Peer.Invite(headers: Identity, callId: $"c{i}@x", branch: $"z9hG4bKb{i}"), Harness.Carrier);
    }

    private static void Answer(Harness node, StirVerdict verdict)
    {
        var job = node.Stir.Take(StirJobKind.Verify);
        job.Verdict = verdict;
        node.Engine.OnStirDone(job, node.Now);
    }

    private static Harness With(
        StirMode carrier, (StirMode Stir, bool Trusted)? shop = null, CallSettings? settings = null)
    {
        var node = new Harness(settings: settings);
        StirTrunks.Set(node, carrier, shop?.Stir ?? StirMode.Off, shop?.Trusted ?? true);
        return node;
    }
}
