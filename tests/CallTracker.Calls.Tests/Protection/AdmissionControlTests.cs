using CallTracker.Calls.Protection;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Protection;

/// <summary>Overload on a simulated queue: the share of calls taken follows what the worker can do.</summary>
public sealed class AdmissionControlTests
{
    // One millisecond of work a call, so 1,000 calls a second fill the worker; refusing one costs 1.5 % of that.
    private const double CallMs = 1;
    private const double RefusalMs = 0.015;
    private const double CapacityPerSecond = 1000;

    [Theory]
    [InlineData(3.0, 300, 1)]
    [InlineData(3.0, 300, 2)]
    [InlineData(3.0, 10_000, 3)]
    [InlineData(1.2, 300, 4)]
    [InlineData(1.2, 10_000, 5)]
    public void Overload_ForFiveMinutes_KeepsGoodputAndGivesBackWithin5Seconds(double load, double holdMs, int seed)
    {
        var peak = Peak(holdMs, seed);
        var queue = new SimulatedQueue(seed, CallMs, RefusalMs, holdMs, targetMs: 50);
        queue.Run(CapacityPerSecond * 0.5, 20_000);
        queue.Refused.ShouldBe(0);

        queue.Run(CapacityPerSecond * load, 10_000 + holdMs);
        queue.InDialogDelayMsMax = 0;
        var before = queue.Completed;
        queue.Run(CapacityPerSecond * load, 300_000);
        var goodput = (queue.Completed - before) / 300.0;

        goodput.ShouldBeGreaterThan(0.95 * peak, $"seed {seed}, peak {peak:F0}/s");
        queue.Repeated.ShouldBe(0);
        queue.InDialogDelayMsMax.ShouldBeLessThan(300);

        queue.Run(CapacityPerSecond * 0.5, 5_000);
        queue.Admission.IsShedding.ShouldBeFalse();
        var refused = queue.Refused;
        queue.Run(CapacityPerSecond * 0.5, 20_000);
        queue.Refused.ShouldBe(refused);
    }

    [Fact]
    public void Overload_WithoutControl_WouldLoseTheCalls()
    {
        // The control: with the target off, waits grow past every patience, which the other test would not survive.
        var queue = new SimulatedQueue(1, CallMs, RefusalMs, 300, targetMs: 0);
        queue.Run(CapacityPerSecond * 3, 30_000);
        queue.InDialogDelayMsMax.ShouldBeGreaterThan(10_000);
        queue.Refused.ShouldBe(0);
    }

    [Fact]
    public void Load_JustBelowCapacityWithBursts_RefusesNobody()
    {
        var queue = new SimulatedQueue(7, CallMs, RefusalMs, 300, targetMs: 50);
        queue.Run(CapacityPerSecond * 0.9, 60_000);
        // 90 ms of work at once: the queue empties within the interval or so, and nobody is turned away for it.
        for (var burst = 0; burst < 20; burst++)
        {
            queue.Run(CapacityPerSecond * 10, 10);
            queue.Run(CapacityPerSecond * 0.5, 2_000);
        }
        queue.Refused.ShouldBe(0);
    }

    [Fact]
    public void Wait_AboveTheTargetForOneMessageOnly_ChangesNothing()
    {
        var admission = new AdmissionControl(50);
        for (var now = 0; now < 5_000; now += 10) admission.Observe(now % 100 == 50 ? 400 : 1, now);
        admission.IsShedding.ShouldBeFalse();
        admission.Share.ShouldBe(1);
    }

    [Fact]
    public void Worker_ThatStallsNowAndThen_RefusesNobody()
    {
        var admission = new AdmissionControl(50);
        for (var stall = 0; stall < 20; stall++)
        {
            var now = stall * 2_000;
            for (var ms = 0; ms < 1_500; ms += 20) admission.Observe(1, now + ms);
            // Nothing is handled for 400 ms; what came first meanwhile waited longest, and the rest is soon done.
            for (var late = 0; late < 10; late++) admission.Observe(390 - (late * 40), now + 1_900 + late);
            admission.IsShedding.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(InputQueue.Socket, InputQueue.Mailbox)]
    [InlineData(InputQueue.Mailbox, InputQueue.Socket)]
    [InlineData(InputQueue.Socket, InputQueue.SecondSocket)]
    public void Wait_InOneQueueOfTwo_IsNotHiddenByTheOther(InputQueue empty, InputQueue full)
    {
        var admission = new AdmissionControl(50);
        for (var now = 0; now < 1_000; now += 5)
        {
            admission.Observe(0, now, empty);
            admission.Observe(400, now + 1, full);
        }
        admission.IsShedding.ShouldBeTrue();
        admission.DelayMs.ShouldBe(400);
        // The full one has nothing more to say.
        for (var now = 1_000; now < 6_000; now += 5) admission.Observe(0, now, empty);
        admission.IsShedding.ShouldBeFalse();
    }

    [Fact]
    public void Share_WithoutAnyMessages_RecoversByTimeAlone()
    {
        var admission = new AdmissionControl(50);
        for (var now = 0; now < 2_000; now += 5) admission.Observe(900, now);
        admission.IsShedding.ShouldBeTrue();
        admission.Share.ShouldBeLessThan(0.5);
        for (var now = 2_000; now < 7_000; now += 5) admission.Advance(now);
        admission.IsShedding.ShouldBeFalse();
    }

    [Fact]
    public void Mark_OfACall_IsAdmittedAgainWhileTheShareStands()
    {
        var admission = new AdmissionControl(50);
        for (var now = 0; now < 400; now += 5) admission.Observe(200, now);
        var admitted = 0;
        for (uint call = 0; call < 10_000; call++)
        {
            var mark = call * 2_654_435_761u;
            if (!admission.Admits(mark)) continue;
            admitted++;
            admission.Admits(mark).ShouldBeTrue();
        }
        (admitted / 10_000.0).ShouldBe(admission.Share, tolerance: 0.02);
    }

    // What the worker completes at most: the offered load goes up until more brings no more.
    private static double Peak(double holdMs, int seed)
    {
        var best = 0.0;
        foreach (var load in new[] { 0.95, 1.0, 1.05 })
        {
            var queue = new SimulatedQueue(seed, CallMs, RefusalMs, holdMs, targetMs: 50);
            queue.Run(CapacityPerSecond * load, 20_000 + holdMs);
            var before = queue.Completed;
            queue.Run(CapacityPerSecond * load, 30_000);
            best = Math.Max(best, (queue.Completed - before) / 30.0);
        }
        return best;
    }
}
