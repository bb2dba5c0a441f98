using CallTracker.Core.Net;

namespace CallTracker.Core.Tests.Net;

/// <summary>When a loop rests, and when it must not.</summary>
public sealed class TurnPacerTests
{
    [Fact]
    public void Turns_OfABusyLoop_AreFollowedByRests()
    {
        var pacer = new TurnPacer(restUs: 1);
        for (var ms = 1; ms <= 100; ms++) Turn(pacer, ms, turns: 4, eventsEach: 5);
        pacer.Rests.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    public void Turns_OfALoopWithoutMuchToDoOrWithTooMuch_AreNot(int turns, int eventsEach)
    {
        var pacer = new TurnPacer(restUs: 1);
        for (var ms = 1; ms <= 100; ms++) Turn(pacer, ms, turns, eventsEach);
        pacer.Rests.ShouldBe(0);
    }

    [Fact]
    public void Turns_OfALoopThatFellQuiet_AreNot()
    {
        var pacer = new TurnPacer(restUs: 1);
        for (var ms = 1; ms <= 50; ms++) Turn(pacer, ms, turns: 4, eventsEach: 5);
        pacer.EndTurn(1, 1000);
        var rests = pacer.Rests;
        for (var ms = 1001; ms <= 1100; ms++) Turn(pacer, ms, turns: 1, eventsEach: 1);
        pacer.Rests.ShouldBe(rests);
    }

    [Fact]
    public void Turns_WithARestOfZero_AreNeverFollowedByOne()
    {
        var pacer = new TurnPacer(restUs: 0);
        for (var ms = 1; ms <= 100; ms++) Turn(pacer, ms, turns: 10, eventsEach: 10);
        pacer.Rests.ShouldBe(0);
    }

    [Fact]
    public void Turns_ThatMayNotRest_OnlyCount()
    {
        var pacer = new TurnPacer(restUs: 1);
        for (var ms = 1; ms <= 20; ms++) pacer.IsRestDue(20, ms, mayRest: false).ShouldBeFalse();
        pacer.Rests.ShouldBe(0);
        pacer.IsRestDue(20, 21).ShouldBeTrue("they made it busy");
    }

    [Fact]
    public void OfAThreadAtRealTimePriority_Rests_LessThanAMillisecondWithTheTurnAfterIt()
    {
        // A packet takes some 5 µs here and there, and the kernel's timer up to 50.
        var pacer = TurnPacer.Of(isRealTime: true);
        (pacer.RestUs + 50 + (5 * pacer.GatheredMin)).ShouldBeLessThan(1000);
        var usual = TurnPacer.Of(isRealTime: false);
        usual.RestUs.ShouldBeGreaterThan(pacer.RestUs);
        usual.GatheredMin.ShouldBeGreaterThan(pacer.GatheredMin);
    }

    [Fact]
    public void Turns_WithAsManyEventsAsEndARest_AreNotFollowedByOne()
    {
        var pacer = new TurnPacer(restUs: 1, gatheredMin: 10);
        for (var ms = 1; ms <= 20; ms++) pacer.IsRestDue(10, ms).ShouldBeFalse();
        pacer.IsRestDue(9, 21).ShouldBeTrue();
    }

    private static void Turn(TurnPacer pacer, long nowMs, int turns, int eventsEach)
    {
        for (var i = 0; i < turns; i++) pacer.EndTurn(eventsEach, nowMs);
    }
}
