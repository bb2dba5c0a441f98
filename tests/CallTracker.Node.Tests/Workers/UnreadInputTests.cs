using CallTracker.Node.Workers;
using CallTracker.TestKit;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Workers;

/// <summary>For how long a worker's timers are held.</summary>
public sealed class UnreadInputTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Unread_QueuesReadToTheirEnds_IsNothing()
    {
        var unread = new UnreadInput(_clock);
        unread.Left(_clock.UnixMs - 40);
        unread.BeginTurn();
        unread.WaitedMs.ShouldBe(0);
    }

    [Fact]
    public void Unread_SeveralQueuesLeft_IsTheLongestWait()
    {
        var unread = new UnreadInput(_clock);
        unread.BeginTurn();
        unread.Left(_clock.UnixMs - 40);
        unread.Left(_clock.UnixMs - 700);
        unread.Left(_clock.UnixMs - 3);
        unread.WaitedMs.ShouldBe(700);
    }

    [Theory]
    [InlineData(3_600_000, UnreadInput.MsMax)]
    [InlineData(-3_600_000, 0)]
    public void Unread_WallClockStepped_IsBounded(int agoMs, int waitedMs)
    {
        var unread = new UnreadInput(_clock);
        unread.BeginTurn();
        unread.Left(_clock.UnixMs - agoMs);
        unread.WaitedMs.ShouldBe(waitedMs);
    }
}
