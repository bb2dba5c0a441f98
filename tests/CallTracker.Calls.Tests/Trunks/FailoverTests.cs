using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>What happens to a call when the trunk that it was given to fails: three trunks, tried in order.</summary>
public sealed class FailoverTests : IDisposable
{
    private readonly Harness _node = new();
    private readonly Trunk[] _trunks;

    public FailoverTests()
    {
        _trunks = [Trunk("t0", 5080), Trunk("t1", 5081), Trunk("t2", 5082)];
        SetTrunks();
    }

    [Theory]
    [InlineData(401, true, 503)]
    [InlineData(403, true, 503)]
    [InlineData(407, true, 503)]
    [InlineData(408, true, 408)]
    [InlineData(500, true, 500)]
    [InlineData(502, true, 502)]
    [InlineData(503, true, 503)]
    [InlineData(504, true, 504)]
    [InlineData(302, false, 480)]
    [InlineData(404, false, 404)]
    [InlineData(480, false, 480)]
    [InlineData(484, false, 484)]
    [InlineData(486, false, 486)]
    [InlineData(488, false, 488)]
    [InlineData(580, false, 580)]
    [InlineData(600, false, 600)]
    [InlineData(603, false, 603)]
    public void Trunk_Refuses_AnotherIsTriedOnlyForItsOwnFailures(int code, bool triesNext, int callerCode)
    {
        Answer(Dial(), 5080, code);
        if (triesNext)
        {
            Answer(InviteAt(5081), 5081, code);
            Answer(InviteAt(5082), 5082, code);
        }
        _node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([callerCode]);
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        var all = (string[])[$"0312345678:{code}:t0", $"0312345678:{code}:t1", $"0312345678:{code}:t2"];
        end.Attempts.ShouldBe(triesNext ? all : all[..1]);
        AssertWhole();
    }

    [Fact]
    public void Trunk_RefusesAfterRinging_NobodyElseIsTried()
    {
        var invite = Dial();
        Answer(invite, 5080, 180);
        Answer(invite, 5080, 503);
        _node.TakeSent(Harness.At(5081)).ShouldBeEmpty();
        _node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([180, 503]);
        AssertWhole();
    }

    [Fact]
    public void Trunk_RefusesThenAnotherAnswers_TheCallGoesOnThere()
    {
        Answer(Dial(), 5080, 100);
        Answer(Invited(5080), 5080, 503);
        var second = InviteAt(5081);
        second.Header("Call-ID").ShouldNotBe(Invited(5080).Header("Call-ID"));
        _node.Deliver(Peer.Answer(second, 200, Peer.Sdp(42000)), Harness.At(5081)).ShouldBeTrue();
        var ok = _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem();
        ok.Code.ShouldBe(200);
        _trunks.Select(t => t.Load.Channels).ShouldBe([0, 1, 0]);
        _node.Engine.Counters.TrunkFailovers.ShouldBe(1);
        _node.Deliver(Peer.FromCaller(ok, "ACK", 1, "a"), Harness.Carrier);
        _node.Deliver(Peer.FromCaller(ok, "BYE", 2, "b"), Harness.Carrier);
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        end.Attempts.ShouldBe(["0312345678:503:t0", "0312345678:200:t1"]);
        AssertWhole();
    }

    [Fact]
    public void Trunk_SaysNothingAtAll_AnotherIsTriedAfterItsTime()
    {
        Dial();
        _node.Pass(5900);
        _node.TakeSent(Harness.At(5081)).ShouldBeEmpty();
        _node.Pass(300);
        InviteAt(5081);
        _trunks[0].IsUp.ShouldBeTrue();
        _trunks.Select(t => t.Load.Channels).ShouldBe([0, 1, 0]);
    }

    [Fact]
    public void Trunk_AnswersLateWhileAnotherRings_IsEndedAndTheOtherGoesOn()
    {
        var first = Dial();
        _node.Pass(6200);
        var second = InviteAt(5081);
        _node.TakeSent(Harness.At(5080));
        _node.Deliver(Peer.Answer(first, 200, Peer.Sdp(42000)), Harness.At(5080));
        _node.TakeSent(Harness.At(5080)).Select(m => m.Method).ShouldBe(["ACK", "BYE"]);
        _node.Deliver(Peer.Answer(second, 200, Peer.Sdp(42002)), Harness.At(5081));
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(200);
    }

    [Fact]
    public void Host_RefusesByIcmp_AnotherIsTriedAtOnce()
    {
        Dial();
        _node.Pass(50);
        _node.Engine.OnUnreachable(Harness.At(5080), _node.Now);
        _node.Pass(250);
        InviteAt(5081);
        _node.Engine.OnUnreachable(Harness.At(5099), _node.Now);
        _node.Pass(500);
        _node.TakeSent(Harness.At(5082)).ShouldBeEmpty();
    }

    [Fact]
    public void Icmp_OfAnEarlierTime_DoesNotEndALaterAttempt()
    {
        _node.Engine.OnUnreachable(Harness.At(5080), _node.Now);
        _node.Pass(100);
        Dial();
        _node.Pass(900);
        _node.TakeSent(Harness.At(5081)).ShouldBeEmpty();
    }

    [Fact]
    public void Transport_FailsToSend_EveryTrunkIsTriedAndTheCallerTold()
    {
        _node.Deliver(Peer.Invite(), Harness.Carrier);
        _node.TakeSent(Harness.Carrier);
        _node.Wire.IsBroken = true;
        Answer(Invited(5080), 5080, 503);
        _node.Pass(200);
        _node.Wire.IsBroken = false;
        _node.Pass(200);
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        end.Attempts.Length.ShouldBe(3);
        _trunks[1].Endpoints[0].Health.IsSuspect.ShouldBeTrue();
        _trunks.Select(t => t.Load.Channels).ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void Budget_OfTime_EndsTheTrying()
    {
        Dial();
        _node.Pass(6200);
        InviteAt(5081);
        _node.Pass(6300);
        _node.TakeSent(Harness.At(5082)).ShouldBeEmpty();
        var end = _node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason, end.SipCode).ShouldBe((CallOutcome.Unresponsive, EndReason.TrunkTimeout, 408));
    }

    [Fact]
    public void Budget_OfTries_EndsTheTryingAndTheNextDestinationHasItsOwn()
    {
        _node.Routes.Set(Harness.MakeRoute("0120000001", ("0312345678", 20_000), ("0612345678", 20_000)));
        _node.Routes.Trunks = new TrunkTable(
        [
            Inbound(), .. Enumerable.Range(0, 8).Select(i => Trunk($"t{i}", 5080 + i)),
        ]);
        Dial();
        for (var i = 0; i < 4; i++) Answer(i == 0 ? Invited(5080) : InviteAt(5080 + i), 5080 + i, 503);
        var next = InviteAt(5080);
        next.Uri.ShouldStartWith("sip:0612345678@");
        Answer(next, 5080, 486);
        _node.Journal.Ends.ShouldHaveSingleItem().Attempts.Length.ShouldBe(5);
        AssertWhole();
    }

    [Fact]
    public void Attempts_AllUsedUp_TheLastFailureIsTold()
    {
        _node.Routes.Set(Harness.MakeRoute(
            "0120000001", ("0312345678", 20_000), ("0612345678", 20_000), ("0712345678", 20_000)));
        _node.Routes.Trunks = new TrunkTable(
        [
            Inbound(), .. Enumerable.Range(0, 4).Select(i => Trunk($"t{i}", 5080 + i)),
        ]);
        Dial();
        for (var i = 0; i < 10; i++) Answer(i == 0 ? Invited(5080) : InviteAt(5080 + (i % 4)), 5080 + (i % 4), 502);
        _node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([502]);
        _node.Journal.Ends.ShouldHaveSingleItem().Attempts.Length.ShouldBe(10);
        AssertWhole();
    }

    [Fact]
    public void Caller_GivesUpBetweenTrunks_TheChannelIsFree()
    {
        Answer(Dial(), 5080, 503);
        InviteAt(5081);
        _node.Deliver(Peer.Cancel(), Harness.Carrier);
        _node.Journal.Ends.ShouldHaveSingleItem().Outcome.ShouldBe(CallOutcome.CallerGaveUp);
        AssertWhole();
    }

    [Fact]
    public void Address_OfSeveral_TheNextOfTheSameTrunkIsTried()
    {
        var trunk = new Trunk
        {
            Id = "named",
            OperatorId = "op",
            Address = Harness.At(5080),
            UriHost = "sip.example.jp"u8.ToArray(),
            Endpoints =
            [
                new TrunkEndpoint { Address = Harness.At(5080), Transport = default, Priority = 1 },
                new TrunkEndpoint { Address = Harness.At(5081), Transport = default, Priority = 2 },
            ],
            Prefixes = [ScriptedRoutes.Number("")],
            InboundFrom = [],
        };
        _node.Routes.Trunks = new TrunkTable([Inbound(), trunk]);
        var first = Dial();
        first.Uri.ShouldBe("sip:0312345678@sip.example.jp");
        Answer(first, 5080, 503);
        InviteAt(5081).Uri.ShouldBe("sip:0312345678@sip.example.jp");
        trunk.Load.Channels.ShouldBe(1);
    }

    public void Dispose() => _node.Dispose();

    private SentMessage Dial()
    {
        _node.Deliver(Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        _node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(100);
        return Invited(5080);
    }

    private SentMessage Invited(int port) =>
        _node.Wire.Sent.First(m => m.To == Harness.At(port) && m.Method == "INVITE");

    /// <summary>The INVITE that has just been sent to a trunk; one sent before is forgotten.</summary>
    private SentMessage InviteAt(int port)
    {
        var invite = _node.Wire.Sent.Last(m => m.To == Harness.At(port) && m.Method == "INVITE");
        invite.ShouldNotBeNull();
        return invite;
    }

    private void Answer(SentMessage invite, int port, int code) =>
        _node.Deliver(Peer.Answer(invite, code), Harness.At(port)).ShouldBeTrue();

    private void SetTrunks() => _node.Routes.Trunks = new TrunkTable([Inbound(), .. _trunks]);

    private void AssertWhole()
    {
        _node.IsWhole.ShouldBeTrue();
        foreach (var trunk in _node.Routes.Trunks.All) trunk.Load.Channels.ShouldBe(0, trunk.Id);
    }

    private static Trunk Inbound() =>
        Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128));

    private static Trunk Trunk(string id, int port) => new()
    {
        Id = id,
        OperatorId = "op",
        Address = Harness.At(port),
        Prefixes = [ScriptedRoutes.Number("")],
        InboundFrom = [],
        Priority = port,
        ProbeSec = 0,
    };
}
