using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>OPTIONS to trunks on the fake clock: how soon a dead one is noticed, a returned one used.</summary>
public sealed class TrunkProberTests : IDisposable
{
    private readonly Harness _node = new(sessions: 16, probingWorkers: 1);
    private readonly HashSet<IpEndpoint> _alive = [];
    private Trunk[] _trunks = [];
    private int _code = 200;
    private int _probes;

    [Fact]
    public void Trunk_Alive_IsAskedOnceEachInterval()
    {
        Use(Trunk("t0", 5080, probeSec: 10));
        _alive.Add(Harness.At(5080));
        Run(100_000);
        _probes.ShouldBeInRange(9, 11);
        _trunks[0].Endpoints[0].Health.Downs.ShouldBe(0);
    }

    [Fact]
    public void Probe_OnTheWire_IsAWholeOptions()
    {
        Use(Trunk("t0", 5080, probeSec: 1));
        _node.Pass(1500);
        var probe = _node.TakeSent(Harness.At(5080))[0];
        probe.StartLine.ShouldBe("OPTIONS sip:127.0.0.1:5080 SIP/2.0");
        probe.Header("To").ShouldBe("<sip:127.0.0.1:5080>");
        probe.Header("From").ShouldStartWith("<sip:127.0.0.1:5060>;tag=");
        probe.Header("CSeq").ShouldBe("1 OPTIONS");
        probe.Header("Max-Forwards").ShouldBe("70");
        probe.Header("Contact").ShouldBe("<sip:ct00@127.0.0.1:5060>");
        probe.Header("Content-Length").ShouldBe("0");
        probe.Branch.ShouldStartWith("z9hG4bK");
    }

    [Fact]
    public void Trunk_NotToBeProbed_IsNeverAsked()
    {
        Use(Trunk("t0", 5080, probeSec: 0));
        Run(60_000);
        for (var i = 0; i < 3; i++) _trunks[0].Endpoints[0].Health.OnFailure(_node.Now.NowMs);
        Run(60_000);
        _probes.ShouldBe(0);
    }

    [Fact]
    public void DeadTrunk_OneSilentCall_IsDownWithinThreeSecondsAndTheCallMovesOn()
    {
        Use(Trunk("t0", 5080, probeSec: 3600), Trunk("t1", 5081, probeSec: 3600));
        _node.Deliver(Peer.Invite(), Harness.Carrier).ShouldBeTrue();
        Run(3000);
        (_trunks[0].IsUp, _trunks[1].IsUp).ShouldBe((false, true));
        _node.Wire.Sent.ShouldContain(m => m.To == Harness.At(5081) && m.Method == "INVITE");
        _node.Deliver(Peer.Invite(callId: "c2", branch: "z9hG4bKinv2"), Harness.Carrier).ShouldBeTrue();
        _node.Wire.Sent.Count(m => m.To == Harness.At(5081) && m.Method == "INVITE").ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void SlowTrunk_AnswersOptions_IsNotTakenDownBySilentCalls()
    {
        Use(Trunk("t0", 5080, probeSec: 30));
        _alive.Add(Harness.At(5080));
        for (var i = 0; i < 10; i++)
        {
            _node.Deliver(Peer.Invite(callId: $"c{i}", branch: $"z9hG4bKinv{i}"), Harness.Carrier).ShouldBeTrue();
            Run(1000);
        }
        _trunks[0].Endpoints[0].Health.Downs.ShouldBe(0);
        _probes.ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public void DeadTrunk_Returns_IsUpAfterTwoAnswers()
    {
        Use(Trunk("t0", 5080, probeSec: 2));
        Run(6000);
        _trunks[0].IsUp.ShouldBeFalse();
        var before = _probes;
        Run(10_000);
        (_probes - before).ShouldBeInRange(9, 11);
        _alive.Add(Harness.At(5080));
        Run(2000);
        _trunks[0].IsUp.ShouldBeTrue();
        _alive.Clear();
        Run(6000);
        _trunks[0].IsUp.ShouldBeFalse();
        (_trunks[0].Endpoints[0].Health.Downs, _trunks[0].Endpoints[0].Health.Ups).ShouldBe((2, 1));
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(405, true)]
    [InlineData(500, true)]
    [InlineData(603, true)]
    [InlineData(408, false)]
    [InlineData(503, false)]
    public void Probe_AnsweredByAnyCode_IsASignOfLifeButFor408And503(int code, bool isUp)
    {
        Use(Trunk("t0", 5080, probeSec: 1));
        _alive.Add(Harness.At(5080));
        _code = code;
        Run(10_000);
        _trunks[0].IsUp.ShouldBe(isUp);
        _probes.ShouldBeLessThan(25);
    }

    [Fact]
    public void Answer_OfAForgedBranch_IsStray()
    {
        Use(Trunk("t0", 5080, probeSec: 1));
        _node.Pass(1500);
        var probe = _node.TakeSent(Harness.At(5080))[0];
        var forged = Peer.Answer(probe, 200).Replace(probe.Branch[^4..], "0000", StringComparison.Ordinal);
        _node.Deliver(forged, Harness.At(5080)).ShouldBeTrue();
        _node.Engine.Counters.StrayResponses.ShouldBe(1);
        _node.Deliver(Peer.Answer(probe, 200), Harness.At(5080)).ShouldBeTrue();
        _node.Deliver(Peer.Answer(probe, 200), Harness.At(5080)).ShouldBeTrue();
        _node.Engine.Counters.StrayResponses.ShouldBe(2);
    }

    [Fact]
    public void Table_Replaced_KeepsTheTimesOfThoseThatStayAndForgetsTheRest()
    {
        Use(Trunk("t0", 5080, probeSec: 5), Trunk("t1", 5081, probeSec: 5));
        _alive.Add(Harness.At(5080));
        _alive.Add(Harness.At(5081));
        Run(20_000);
        var before = _probes;
        for (var i = 0; i < 20; i++)
        {
            Use(Again(_trunks[0]));
            Run(1000);
        }
        (_probes - before).ShouldBeInRange(3, 5);
        _trunks[0].IsUp.ShouldBeTrue();
    }

    [Fact]
    public void Workers_TogetherProbe_EachAddressOnce()
    {
        var trunks = Enumerable.Range(0, 40).Select(i => Trunk($"t{i}", 6000 + i, 3600)).ToArray();
        for (var workers = 1; workers <= 4; workers++)
        {
            foreach (var trunk in trunks)
            {
                var owners = Enumerable.Range(0, workers)
                    .Count(w => trunk.Endpoints[0].Mark % (ulong)workers == (ulong)w);
                owners.ShouldBe(1);
            }
            var first = trunks.Count(t => t.Endpoints[0].Mark % (ulong)workers == 0);
            first.ShouldBeInRange(40 / workers * 2 / 5, 40);
        }
    }

    public void Dispose() => _node.Dispose();

    private void Use(params Trunk[] trunks)
    {
        _trunks = trunks;
        var inbound = Harness.MakeTrunk("carrier", Harness.Carrier, [], new InboundSource(Harness.Carrier, 128));
        _node.Routes.Trunks = new TrunkTable([Quiet(inbound), .. trunks]);
    }

    /// <summary>Lets time pass; trunks that live answer their OPTIONS.</summary>
    private void Run(int ms)
    {
        for (var passed = 0; passed < ms; passed += 50)
        {
            _node.Pass(50);
            foreach (var probe in _node.Wire.Sent.FindAll(m => m.Method == "OPTIONS"))
            {
                _node.Wire.Sent.Remove(probe);
                _probes++;
                if (_alive.Contains(probe.To)) _node.Deliver(Peer.Answer(probe, _code), probe.To).ShouldBeTrue();
            }
        }
    }

    // A table is made of new objects each time; what was learnt goes on.
    private static Trunk Again(Trunk trunk) => new()
    {
        Id = trunk.Id,
        OperatorId = trunk.OperatorId,
        Address = trunk.Address,
        Endpoints =
        [
            new TrunkEndpoint
            {
                Address = trunk.Address,
                Transport = default,
                Health = trunk.Endpoints[0].Health,
            },
        ],
        Prefixes = trunk.Prefixes,
        InboundFrom = [],
        ProbeSec = trunk.ProbeSec,
    };

    private static Trunk Quiet(Trunk trunk) => new()
    {
        Id = trunk.Id,
        OperatorId = trunk.OperatorId,
        Address = trunk.Address,
        Prefixes = [],
        InboundFrom = trunk.InboundFrom,
        ProbeSec = 0,
    };

    private static Trunk Trunk(string id, int port, int probeSec) => new()
    {
        Id = id,
        OperatorId = "op",
        Address = Harness.At(port),
        Prefixes = [ScriptedRoutes.Number("")],
        InboundFrom = [],
        Priority = port,
        ProbeSec = probeSec,
    };
}
