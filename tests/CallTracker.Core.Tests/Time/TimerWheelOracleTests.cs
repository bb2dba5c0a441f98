using CallTracker.Core.Tests.Support;
using CallTracker.Core.Time;

namespace CallTracker.Core.Tests.Time;

/// <summary>The wheel against its slow reference, started just before each level wraps.</summary>
public sealed class TimerWheelOracleTests
{
    public static TheoryData<int, long> Starts()
    {
        var data = new TheoryData<int, long>();
        long[] ticks = [0, 250, 65_400, (1L << 24) - 300, (1L << 32) - 300, (1L << 32) - 70_000, 987_654_321];
        for (var i = 0; i < ticks.Length; i++)
        {
            for (var seed = 0; seed < 2; seed++) data.Add((i * 100) + seed, (ticks[i] * TimerWheel.TickMs) + seed);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void TimerWheel_RandomCalls_DoesWhatASortedListDoes(int seed, long startMs)
    {
        var drive = new TimerDrive(seed, startMs, pendingMax: 120);
        drive.Run(steps: 4000, advanceMsMax: 60_000);
        drive.Fired.ShouldBeGreaterThan(500);
        drive.Cancelled.ShouldBeGreaterThan(500);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TimerWheel_DaysAtATime_CascadesThroughEveryLevel(int seed)
    {
        var drive = new TimerDrive(seed, startMs: ((1L << 32) - 1_000_000) * TimerWheel.TickMs, pendingMax: 60);
        drive.Run(steps: 150, advanceMsMax: 3L * 24 * 3600 * 1000);
        drive.Fired.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(3, 255)]
    [InlineData(4, 65_000)]
    [InlineData(5, (1L << 24) - 20)]
    public void NextDelayMs_SleptExactly_FiresEachInItsTick(int seed, long startTick)
    {
        var drive = new TimerDrive(seed, startTick * TimerWheel.TickMs, pendingMax: 100) { DelayRanges = 5 };
        long[] delaysMs =
            [1, 2, 3, 4, 5, 500, 500, 1_000, 1_020, 1_024, 1_028, 32_000, 64_000, 262_140, 262_144, 262_150];
        foreach (var delayMs in delaysMs) drive.Schedule(delayMs);
        drive.RunDownByNextDelay(wakesMax: 10_000);
        drive.Fired.ShouldBeGreaterThanOrEqualTo(delaysMs.Length - drive.Cancelled);
    }
}
