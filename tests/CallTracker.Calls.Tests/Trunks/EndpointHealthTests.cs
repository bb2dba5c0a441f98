using CallTracker.Calls.Routing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>
/// Down after three failures in a row, up by one call or two probes. F: failure, R: refused, C: a call answered, P: a
/// probe answered, +: ten seconds pass, a space: half a second.
/// </summary>
public sealed class EndpointHealthTests
{
    [Theory]
    [InlineData("", false, 0, 0)]
    [InlineData("FF", false, 0, 0)]
    [InlineData("FFF", true, 1, 0)]
    [InlineData("F F F", true, 1, 0)]
    [InlineData("FRR", true, 1, 0)]
    [InlineData("FFCF", false, 0, 0)]
    [InlineData("FFPF", false, 0, 0)]
    [InlineData("FF+ F", false, 0, 0)]
    [InlineData("FF+ FFF", true, 1, 0)]
    [InlineData("FFFFFFF", true, 1, 0)]
    [InlineData("FFFP", true, 1, 0)]
    [InlineData("FFFPP", false, 1, 1)]
    [InlineData("FFFPFP", true, 1, 0)]
    [InlineData("FFFPFPP", false, 1, 1)]
    [InlineData("FFFC", false, 1, 1)]
    [InlineData("FFFCFF", false, 1, 1)]
    [InlineData("FFFCFFF", true, 2, 1)]
    [InlineData("FFFPPFFFPP", false, 2, 2)]
    public void Health_AfterEvents_IsUpOrDown(string events, bool isDown, long downs, long ups)
    {
        var health = new EndpointHealth();
        var nowMs = 100_000L;
        foreach (var what in events)
        {
            if (what == 'F') health.OnFailure(nowMs);
            else if (what == 'R') health.OnRefused(nowMs);
            else if (what == 'C') health.OnCallAnswered();
            else if (what == 'P') health.OnProbeAnswered();
            else nowMs += what == '+' ? 10_000 : 500;
        }
        (health.IsDown, health.Downs, health.Ups).ShouldBe((isDown, downs, ups));
    }

    [Fact]
    public void Health_AfterAFailure_IsSuspectUntilDisprovedOrDown()
    {
        var health = new EndpointHealth();
        health.IsSuspect.ShouldBeFalse();
        health.OnFailure(0);
        health.IsSuspect.ShouldBeTrue();
        health.OnProbeAnswered();
        health.IsSuspect.ShouldBeFalse();
        for (var i = 0; i < 3; i++) health.OnFailure(0);
        (health.IsSuspect, health.IsDown).ShouldBe((false, true));
    }

    [Fact]
    public void Trial_WhileDown_IsDueAfterItsTimeAndOnlyOnce()
    {
        var health = new EndpointHealth();
        for (var i = 0; i < 3; i++) health.OnFailure(1000);
        health.IsTrialDue(1000 + EndpointHealth.TrialMs - 1).ShouldBeFalse();
        health.IsTrialDue(1000 + EndpointHealth.TrialMs).ShouldBeTrue();
        health.StartTrial(7000);
        health.IsTrialDue(7001).ShouldBeFalse();
        health.IsTrialDue(7000 + EndpointHealth.TrialMs).ShouldBeTrue();
    }

    [Fact]
    public void Refused_Once_KeepsTheTime()
    {
        var health = new EndpointHealth();
        health.RefusedMs.ShouldBe(long.MinValue);
        health.OnRefused(77);
        health.RefusedMs.ShouldBe(77);
    }
}
