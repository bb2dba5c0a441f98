using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using CallTracker.Calls.Trunks;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>Which trunk and which of its addresses a call takes.</summary>
public sealed class TrunkPickerTests
{
    private readonly TrunkPicker _picker = new();
    private int _calls;

    [Fact]
    public void Pick_EqualTrunks_ShareTheCallsByWeight()
    {
        Trunk[] trunks = [Make("a", 5080, weight: 100), Make("b", 5081, weight: 300), Make("c", 5082, weight: 600)];
        var counts = CountFirsts(trunks, 10_000);
        ((double)counts["a"]).ShouldBe(1000, 150);
        ((double)counts["b"]).ShouldBe(3000, 200);
        ((double)counts["c"]).ShouldBe(6000, 200);
    }

    [Fact]
    public void Pick_SameCall_IsDrawnTheSameAgain()
    {
        Trunk[] trunks = [Make("a", 5080), Make("b", 5081), Make("c", 5082)];
        for (var i = 0; i < 50; i++)
        {
            var call = NewCall();
            var order = Order(trunks, call);
            order.Count.ShouldBe(3);
            Order([.. trunks.Reverse()], CopyOf(call)).ShouldBe(order);
        }
    }

    [Fact]
    public void Pick_OneAfterAnother_GoesByPrefixThenPriority()
    {
        Trunk[] trunks =
        [
            Make("any-2", 5080, "", priority: 2), Make("tokyo-9", 5081, "03", priority: 9),
            Make("any-1", 5082, "", priority: 1), Make("tokyo-1", 5083, "03", priority: 1),
            Make("osaka", 5084, "06"),
        ];
        Order(trunks, NewCall()).ShouldBe(["tokyo-1", "tokyo-9", "any-1", "any-2"]);
    }

    [Fact]
    public void Pick_DownTrunk_IsPassedOver()
    {
        Trunk[] trunks = [Make("a", 5080, priority: 1), Make("b", 5081, priority: 2)];
        TakeDown(trunks[0]);
        Order(trunks, NewCall()).ShouldBe(["b"]);
    }

    [Fact]
    public void Pick_AllDown_TheBestIsTriedOnce()
    {
        Trunk[] trunks = [Make("a", 5080, priority: 1), Make("b", 5081, priority: 2)];
        foreach (var trunk in trunks) TakeDown(trunk);
        var call = NewCall();
        TryPick(trunks, call, out var choice).ShouldBeTrue();
        (choice.Trunk.Id, choice.IsLastResort).ShouldBe(("a", true));
        Tried(call, choice);
        TryPick(trunks, call, out _).ShouldBeFalse();
    }

    [Fact]
    public void Pick_DownAndNotProbed_IsTriedByOneCallNowAndThen()
    {
        Trunk[] trunks = [Make("a", 5080, priority: 1, probeSec: 0), Make("b", 5081, priority: 2)];
        TakeDown(trunks[0]);
        First(trunks, 0).ShouldBe("b");
        First(trunks, EndpointHealth.TrialMs).ShouldBe("a");
        First(trunks, EndpointHealth.TrialMs + 1).ShouldBe("b");
        First(trunks, 2 * EndpointHealth.TrialMs).ShouldBe("a");
    }

    [Fact]
    public void Pick_TrunkAtItsLimit_TheNextTakesTheCall()
    {
        Trunk[] trunks = [Make("a", 5080, priority: 1, channels: 1), Make("b", 5081, priority: 2)];
        First(trunks, 0).ShouldBe("a");
        First(trunks, 0).ShouldBe("b");
        trunks[0].Load.Leave();
        First(trunks, 0).ShouldBe("a");
        trunks[0].Load.Refused(outbound: true, byRate: false).ShouldBe(1);
    }

    [Fact]
    public void Pick_AllAtTheirLimits_IsRefusedForCapacity()
    {
        Trunk[] trunks = [Make("a", 5080, channels: 1)];
        First(trunks, 0).ShouldBe("a");
        var call = NewCall();
        TryPick(trunks, call, out _).ShouldBeFalse();
        call.DialReason.ShouldBe(EndReason.Capacity);
        trunks[0].Load.Channels.ShouldBe(1);
    }

    [Fact]
    public void Pick_SeveralAddresses_GoesByTheirPriorityAndWeight()
    {
        var trunk = Make("a", 5080, endpoints:
        [
            Endpoint(5090, 20, 1), Endpoint(5091, 10, 100), Endpoint(5092, 10, 300), Endpoint(5093, 10, 0),
        ]);
        var firsts = new Dictionary<int, int>();
        for (var i = 0; i < 4000; i++)
        {
            TryPick([trunk], NewCall(), out var choice).ShouldBeTrue();
            var port = choice.Endpoint.Address.Port;
            firsts[port] = firsts.GetValueOrDefault(port) + 1;
        }
        firsts.ShouldNotContainKey(5090);
        ((double)firsts[5091]).ShouldBe(1000, 130);
        ((double)firsts[5092]).ShouldBe(3000, 130);
        firsts.GetValueOrDefault(5093).ShouldBeLessThan(20);
        var call = NewCall();
        var ports = new List<int>();
        while (TryPick([trunk], call, out var choice)) ports.Add(Tried(call, choice));
        ports.Order().ShouldBe([5090, 5091, 5092, 5093]);
        ports[^1].ShouldBe(5090);
    }

    [Fact]
    public void Pick_WhileAnotherWorkerTakesTheTrunkDownAndUp_GivesTheAddressThatItFound()
    {
        Trunk[] trunks = [Make("a", 5080), Make("b", 5081)];
        var (table, number, call) = (new TrunkTable(trunks), ScriptedRoutes.Number("0312345678"), NewCall());
        using var end = new CancellationTokenSource();
        var other = new Thread(() => TakeDownAndUp(trunks, end.Token));
        other.Start();
        try
        {
            // Looking twice, it found no address the second time within some thousand picks.
            for (var i = 0; i < 300_000; i++)
            {
                if (!_picker.TryPick(table, call, number, 0, out var choice)) continue;
                choice.Endpoint.ShouldBe(choice.Trunk.Endpoints[0]);
                choice.Trunk.Load.Leave();
            }
        }
        finally
        {
            end.Cancel();
            other.Join();
        }
    }

    [Fact]
    public void Pick_Always_AllocatesNothing()
    {
        Trunk[] trunks = [Make("a", 5080), Make("b", 5081), Make("c", 5082)];
        var table = new TrunkTable(trunks);
        var call = NewCall();
        var number = ScriptedRoutes.Number("0312345678");
        var nowMs = 0;
        Allocations.Of(() => _picker.TryPick(table, call, number, nowMs++, out _)).ShouldBe(0);
        // The control: this way of measuring sees one small object a time.
        Allocations.Of(() => _ = NewCall()).ShouldBeGreaterThan(0);
    }

    private Dictionary<string, int> CountFirsts(Trunk[] trunks, int count)
    {
        var counts = trunks.ToDictionary(t => t.Id, _ => 0);
        for (var i = 0; i < count; i++) counts[First(trunks, 0)]++;
        return counts;
    }

    private string First(Trunk[] trunks, long nowMs)
    {
        TryPick(trunks, NewCall(), out var choice, nowMs).ShouldBeTrue();
        return choice.Trunk.Id;
    }

    private List<string> Order(Trunk[] trunks, Call call)
    {
        var order = new List<string>();
        while (TryPick(trunks, call, out var choice))
        {
            order.Add(choice.Trunk.Id);
            Tried(call, choice);
        }
        return order;
    }

    private bool TryPick(Trunk[] trunks, Call call, out TrunkChoice choice, long nowMs = 0) =>
        _picker.TryPick(new TrunkTable(trunks), call, ScriptedRoutes.Number("0312345678"), nowMs, out choice);

    private static int Tried(Call call, TrunkChoice choice)
    {
        call.Facts.TryAddAttempt(ScriptedRoutes.Number("0312345678"), choice.Trunk).ShouldBeTrue();
        call.Facts.Attempts[^1].Endpoint = choice.Endpoint;
        return choice.Endpoint.Address.Port;
    }

    private Call NewCall()
    {
        var call = new Call();
        call.Facts.Route = Harness.MakeRoute("0120000001", ("0312345678", 20_000));
        Encoding.ASCII.GetBytes($"{_calls++:x24}").CopyTo(call.Facts.TrnId);
        return call;
    }

    private static Call CopyOf(Call other)
    {
        var call = new Call();
        call.Facts.Route = other.Facts.Route;
        other.Facts.TrnId.CopyTo(call.Facts.TrnId);
        return call;
    }

    private static void TakeDownAndUp(Trunk[] trunks, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            foreach (var trunk in trunks) TakeDown(trunk);
            foreach (var trunk in trunks) trunk.Endpoints[0].Health.OnCallAnswered();
        }
    }

    private static void TakeDown(Trunk trunk)
    {
        for (var i = 0; i < EndpointHealth.FailuresToDown; i++) trunk.Endpoints[0].Health.OnFailure(0);
        trunk.IsUp.ShouldBeFalse();
    }

    private static TrunkEndpoint Endpoint(int port, int priority, int weight) => new()
    {
        Address = Harness.At(port),
        Transport = SipTransportKind.Udp,
        Priority = priority,
        Weight = weight,
    };

    private static Trunk Make(
        string id, int port, string prefix = "", int priority = 100, int weight = 100, int probeSec = 30,
        int channels = 0, TrunkEndpoint[]? endpoints = null) => new()
        {
            Id = id,
            OperatorId = "op",
            Address = Harness.At(port),
            Endpoints = endpoints ?? [Endpoint(port, 0, 0)],
            Prefixes = [ScriptedRoutes.Number(prefix)],
            InboundFrom = [],
            Priority = priority,
            Weight = weight,
            ProbeSec = probeSec,
            ChannelsMax = channels,
        };
}
