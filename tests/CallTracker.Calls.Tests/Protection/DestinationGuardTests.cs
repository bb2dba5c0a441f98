using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Calls.Tests.Kit;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Protection;

/// <summary>A destination that its number may not call is never dialled, and the record says so.</summary>
public sealed class DestinationGuardTests
{
    private static readonly DestinationRules Domestic = new(
        [ScriptedRoutes.Number("0")], [ScriptedRoutes.Number("010"), ScriptedRoutes.Number("0990")]);

    [Fact]
    public void OnlyDestination_Forbidden_EndsTheCallWith403()
    {
        using var node = NewNode("01012025550100");
        node.Deliver(Peer.Invite(), Harness.Carrier);
        node.TakeSent(Harness.Carrier).Select(m => m.Code).ShouldBe([100, 403]);
        node.TakeSent(Harness.Shop).ShouldBeEmpty();
        var end = node.Journal.Ends.ShouldHaveSingleItem();
        (end.Outcome, end.Reason).ShouldBe((CallOutcome.LineUnavailable, EndReason.DestinationForbidden));
        end.Attempts.ShouldBe(["01012025550100:0:"]);
        node.IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void FirstDestination_Forbidden_LeavesTheNextOne()
    {
        using var node = NewNode("0990512345", "0312345678");
        node.Dial().Uri.ShouldStartWith("sip:0312345678@");
    }

    [Fact]
    public void LastDestination_Forbidden_DecidesHowTheCallEnds()
    {
        using var node = NewNode("0312345678", "0990512345");
        node.Deliver(Peer.Answer(node.Dial(), 486), Harness.Shop);
        node.TakeSent(Harness.Carrier).ShouldHaveSingleItem().Code.ShouldBe(403);
        node.Journal.Ends.ShouldHaveSingleItem().Attempts.ShouldBe(["0312345678:486:shop", "0990512345:0:"]);
    }

    private static Harness NewNode(params string[] targets)
    {
        var node = new Harness();
        node.Routes.Set(new Route
        {
            Number = ScriptedRoutes.Number("0120000001"),
            OperatorId = "op",
            Targets = [.. targets.Select(t => new RouteTarget(ScriptedRoutes.Number(t), 5000))],
            Destinations = Domestic,
        });
        return node;
    }
}
