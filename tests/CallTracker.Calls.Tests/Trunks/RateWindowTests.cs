using CallTracker.Calls.Routing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Trunks;

/// <summary>Never more calls in any second than allowed, whoever asks.</summary>
public sealed class RateWindowTests
{
    [Fact]
    public void Take_MoreThanAllowed_WaitsUntilTheFirstIsASecondOld()
    {
        var window = new RateWindow(3);
        Take(window, 1000).ShouldBe("YYYN");
        window.TryTake(1999).ShouldBeFalse();
        Take(window, 2000).ShouldBe("YYYN");
        window.TryTake(2500).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Take_RandomTimes_NoSecondHoldsMoreAndNoneIsRefusedNeedlessly(int callsPerSec)
    {
        var window = new RateWindow(callsPerSec);
        var random = new Random(4711);
        var taken = new List<long>();
        for (long nowMs = 5; taken.Count < 5000; nowMs += random.Next(2 * 1000 / callsPerSec))
        {
            var isAllowed = taken.Count(t => t > nowMs - 1000) < callsPerSec;
            window.TryTake(nowMs).ShouldBe(isAllowed, $"at {nowMs} ms");
            if (isAllowed) taken.Add(nowMs);
            if (taken.Count > 2 * callsPerSec) taken.RemoveRange(0, 1);
            if (nowMs > 400_000) break;
        }
    }

    [Fact]
    public void Take_ManyThreadsAtOnce_ExactlyTheAllowedGetThrough()
    {
        for (var round = 0; round < 20; round++)
        {
            var window = new RateWindow(10);
            var taken = 0;
            foreach (var nowMs in (int[])[0, 1000, 2000])
            {
                Parallel.For(0, 4, _ =>
                {
                    for (var i = 0; i < 200; i++)
                    {
                        if (window.TryTake(nowMs)) Interlocked.Increment(ref taken);
                    }
                });
            }
            taken.ShouldBe(30);
        }
    }

    private static string Take(RateWindow window, long nowMs) =>
        string.Concat(Enumerable.Range(0, 4).Select(_ => window.TryTake(nowMs) ? 'Y' : 'N'));
}
