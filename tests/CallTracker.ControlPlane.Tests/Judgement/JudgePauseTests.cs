using CallTracker.ControlPlane.Judgement;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Judgement;

/// <summary>How long the judge rests after a round with work.</summary>
public sealed class JudgePauseTests
{
    [Theory]
    [InlineData(0, 750)]
    [InlineData(250, 750)]
    [InlineData(800, 1600)]
    [InlineData(60_000, 5000)]
    public void PauseAfter_Work_LeavesClickHouseMostOfItsTimeAndEnds(int workMs, int pauseMs) =>
        JudgeService.PauseAfter(TimeSpan.FromMilliseconds(workMs)).ShouldBe(TimeSpan.FromMilliseconds(pauseMs));
}
