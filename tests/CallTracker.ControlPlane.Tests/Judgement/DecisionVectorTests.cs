using CallTracker.ControlPlane.Tests.Kit;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Judgement;

/// <summary>The decision vectors of the judgement model: seven days, thirty seconds, anchors are valid calls.</summary>
public sealed class DecisionVectorTests(Stack stack)
{
    [Fact]
    public async Task Anchored_ThirdCallBeyondTheWindow_IsValidAgain()
    {
        var history = await History.NewAsync(stack);
        await history.ShipAsync(history.Call("a", 0, 40), history.Call("b", 3, 50), history.Call("c", 8, 60));
        await history.ShouldBecomeAsync("a valid", "b duplicate a", "c valid");
    }

    [Fact]
    public async Task AnyConnected_EachCallRenewsTheWindow_AllFollowersAreDuplicates()
    {
        var history = await History.NewAsync(stack, """
            {"min_talk_sec":30,"dup_window_sec":604800,"dup_scope":"advertiser","dup_anchor":"any_connected"}
            """);
        await history.ShipAsync(history.Call("a", 0, 40), history.Call("b", 3, 50), history.Call("c", 8, 60));
        await history.ShouldBecomeAsync("a valid", "b duplicate a", "c duplicate b");
    }

    [Fact]
    public async Task ShortCall_BeforeALongOne_DoesNotAnchor()
    {
        var history = await History.NewAsync(stack);
        await history.ShipAsync(history.Call("a", 0, 10), history.Call("b", 1, 45));
        await history.ShouldBecomeAsync("a short", "b valid");
    }

    [Theory]
    [InlineData("<=", "b duplicate a")]
    [InlineData("<", "b valid")]
    public async Task Boundary_ExactlyOneWindowLater_FollowsTheRule(string boundary, string expected)
    {
        var history = await History.NewAsync(stack, $$"""
            {"min_talk_sec":30,"dup_window_sec":604800,"dup_scope":"advertiser","dup_boundary":"{{boundary}}"}
            """);
        await history.ShipAsync(history.Call("a", 0, 40), history.Call("b", 7, 40));
        await history.ShouldBecomeAsync("a valid", expected);
    }

    [Fact]
    public async Task Anchor_MadeInvalidByARule_CascadesThroughTheChain()
    {
        var history = await History.NewAsync(stack);
        await history.ShipAsync(history.Call("a", 0, 40), history.Call("b", 3, 50), history.Call("c", 8, 60));
        // Forty seconds no longer suffice: the anchor falls, its duplicate stands up, and what was valid after it
        // falls.
        await history.Owner.Admin.PostAsync("/v1/judgement-rules", """
            {"min_talk_sec":45,"dup_window_sec":604800,"dup_scope":"advertiser","effective_from":"2026-08-01"}
            """);
        await History.UntilRulesApplyAsync(stack, history.Owner);
        await history.ShouldBecomeAsync("a short", "b valid", "c duplicate b");
    }

    [Fact]
    public async Task LateCall_BeforeTheAnchor_TakesItsPlace()
    {
        var history = await History.NewAsync(stack);
        await history.ShipAsync(history.Call("a", 0, 40), history.Call("b", 3, 50), history.Call("c", 8, 60));
        await history.ShipAsync(history.Call("z", -2, 45));
        await history.ShouldBecomeAsync("z valid", "a duplicate z", "b duplicate z", "c valid");
    }

    [Fact]
    public async Task SameMillisecond_TwoCalls_TheLowerIdIsValid()
    {
        var history = await History.NewAsync(stack);
        await history.ShipAsync(history.Call("b", 0, 40), history.Call("a", 0, 40));
        await history.ShouldBecomeAsync("a valid", "b duplicate a");
    }

    [Theory]
    [InlineData("never_dup", "valid")]
    [InlineData("always_dup", "duplicate")]
    public async Task Withheld_ThreeCalls_FollowTheRule(string withheld, string expected)
    {
        var history = await History.NewAsync(stack, $$"""
            {"min_talk_sec":30,"dup_window_sec":604800,"dup_scope":"advertiser","withheld":"{{withheld}}"}
            """);
        await history.ShipAsync(
            history.Call("a", 0, 40, ""), history.Call("b", 1, 40, ""), history.Call("c", 2, 40, ""));
        await history.ShouldBecomeAsync($"a {expected}", $"b {expected}", $"c {expected}");
    }

    [Fact]
    public async Task DefaultRule_OneDayOneNumberOneSecond_Judges()
    {
        var history = await History.NewAsync(stack, rule: null);
        await history.ShipAsync(
            history.Call("a", 0, 1), history.Call("b", 0.5, 1), history.Call("c", 1, 5), history.Call("d", 1.01, 0),
            history.Call("e", 1.02, 9));
        // b and c (exactly one day) repeat a; d is answered with no second of talk; e comes later than a day after a.
        await history.ShouldBecomeAsync("a valid", "b duplicate a", "c duplicate a", "d short", "e valid");
    }

    [Fact]
    public async Task Window_OfZero_SwitchesDuplicatesOff()
    {
        var history = await History.NewAsync(stack,
            """{"min_talk_sec":0,"dup_window_sec":0,"dup_scope":"advertiser"}""");
        await history.ShipAsync(history.Call("a", 0, 0), history.Call("b", 0, 1));
        await history.ShouldBecomeAsync("a valid", "b valid");
    }

    [Fact]
    public async Task ExcludedCaller_LongEnough_IsDuplicateWithoutAnchor()
    {
        var history = await History.NewAsync(stack, """
            {"min_talk_sec":30,"excluded_callers":["03-5555-0000"],"dup_scope":"advertiser"}
            """);
        await history.ShipAsync(history.Call("a", 0, 40, "0355550000"), history.Call("b", 0.1, 9, "0355550000"),
            history.Call("c", 0.2, 40));
        await history.ShouldBecomeAsync("a duplicate", "b short", "c valid");
    }

    [Fact]
    public async Task Unanswered_Call_HasNoVerdictAndAnchorsNothing()
    {
        var history = await History.NewAsync(stack);
        await history.ShipAsync(
            history.Owner.Call("a", History.StartMs, isAnswered: false), history.Call("b", 1, 40));
        await history.ShouldBecomeAsync("a none", "b valid");
    }

    [Fact]
    public async Task Scopes_OfNumberAdvertiserOperator_SeparateTheChains()
    {
        foreach (var (scope, expected) in ((string, string[])[])
            [("number", ["a valid", "b valid", "c valid"]), ("advertiser", ["a valid", "b duplicate a", "c valid"]),
             ("operator", ["a valid", "b duplicate a", "c duplicate a"])])
        {
            var history = await History.NewAsync(stack, $$"""{"dup_window_sec":604800,"dup_scope":"{{scope}}"}""");
            var tenant = history.Owner;
            await history.ShipAsync(
                tenant.Call("a", History.StartMs, dinId: "0120000001"),
                tenant.Call("b", History.StartMs + 1000, dinId: "0120000002"),
                tenant.Call("c", History.StartMs + 2000, client: "c2", dinId: "0120000003"));
            await history.ShouldBecomeAsync(expected);
        }
    }
}
