using CallTracker.Node.Workers;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>When all workers take new calls, and when the first alone does again.</summary>
public sealed class SpreadControlTests
{
    private const int SecondMs = 1000;
    private const int TurnMs = 100;
    private static readonly SpreadLoad s_calm = new(150, 160, 10, IsPressed: false);
    private readonly SpreadControl _control = new(0);
    private SpreadPhase _phase;
    private long _nowMs;

    [Theory]
    [InlineData(400, 10, false)]
    [InlineData(10, 100, false)]
    [InlineData(10, 10, true)]
    public void Gathered_WithEnoughForOne_OpensAtOnce(int busy, int sessions, bool isPressed)
    {
        Run(s_calm, 3600 * SecondMs).ShouldBe(SpreadPhase.Gathered);
        Turn(new SpreadLoad(busy, busy, sessions, isPressed)).ShouldBe(SpreadPhase.Opening);
    }

    [Fact]
    public void Opening_WhileAnInviteIsRepeated_AsksBoth()
    {
        Turn(new SpreadLoad(500, 500, 10, false));
        // Whatever becomes of the load meanwhile.
        Run(s_calm, SpreadControl.RepeatMs - 100).ShouldBe(SpreadPhase.Opening);
        Run(s_calm, TurnMs).ShouldBe(SpreadPhase.Spread);
    }

    [Fact]
    public void Spread_AfterTheTimeOfCalm_ClosesAndGathers()
    {
        ToSpread();
        Run(s_calm, SpreadControl.CalmMs - 200).ShouldBe(SpreadPhase.Spread);
        Run(s_calm, 400).ShouldBe(SpreadPhase.Closing);
        Run(s_calm, SpreadControl.RepeatMs - 400).ShouldBe(SpreadPhase.Closing);
        Run(s_calm, 400).ShouldBe(SpreadPhase.Gathered);
    }

    [Theory]
    [InlineData(100, 300, 10, false)]
    [InlineData(10, 10, 50, false)]
    [InlineData(10, 10, 10, true)]
    public void Spread_WithoutCalm_Stays(int first, int all, int sessions, bool isPressed)
    {
        ToSpread();
        Run(new SpreadLoad(first, all, sessions, isPressed), 600 * SecondMs).ShouldBe(SpreadPhase.Spread);
    }

    [Fact]
    public void Calm_WithOneBusyMoment_BeginsAgain()
    {
        ToSpread();
        Run(s_calm, SpreadControl.CalmMs - (2 * SecondMs));
        Turn(new SpreadLoad(350, 350, 10, false));
        Run(s_calm, SpreadControl.CalmMs - (2 * SecondMs)).ShouldBe(SpreadPhase.Spread);
    }

    [Fact]
    public void Closing_WithEnoughForOne_OpensAtOnce()
    {
        ToSpread();
        Run(s_calm, SpreadControl.CalmMs + 200).ShouldBe(SpreadPhase.Closing);
        Turn(new SpreadLoad(900, 900, 10, false)).ShouldBe(SpreadPhase.Opening);
        Run(s_calm, SpreadControl.RepeatMs - 200).ShouldBe(SpreadPhase.Opening);
    }

    private void ToSpread()
    {
        var busy = new SpreadLoad(500, 800, 10, false);
        Turn(busy);
        Run(busy, SpreadControl.RepeatMs + 200).ShouldBe(SpreadPhase.Spread);
    }

    private SpreadPhase Turn(in SpreadLoad load)
    {
        _nowMs += TurnMs;
        return _phase = _control.Next(_phase, load, _nowMs);
    }

    private SpreadPhase Run(in SpreadLoad load, int ms)
    {
        for (var i = 0; i < ms / TurnMs; i++) Turn(load);
        return _phase;
    }
}
