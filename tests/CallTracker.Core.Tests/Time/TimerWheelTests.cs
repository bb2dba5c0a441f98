using CallTracker.Core.Time;

namespace CallTracker.Core.Tests.Time;

/// <summary>The edges, one by one.</summary>
public sealed class TimerWheelTests
{
    [Theory]
    [InlineData(1000, 0, 1004)]
    [InlineData(1000, 1, 1004)]
    [InlineData(1000, 4, 1004)]
    [InlineData(1000, 5, 1008)]
    [InlineData(1003, 500, 1504)]
    [InlineData(1000, -5, 1004)]
    [InlineData(1000, 1024, 2024)]
    [InlineData(1000, 262_144, 263_144)]
    public void Schedule_Delay_FiresAtTheFirstTickNotBeforeIt(long nowMs, long delayMs, long firesAtMs)
    {
        var sink = new RecordingSink();
        var wheel = new TimerWheel(nowMs, 8, 8);
        wheel.Schedule(nowMs, delayMs, 3, 4);
        wheel.Advance(firesAtMs - 1, ref sink);
        sink.Owners.ShouldBeEmpty();
        wheel.Advance(firesAtMs, ref sink);
        sink.Owners.ShouldBe([4]);
        wheel.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - 1000)]
    [InlineData(20_000_000_000)]
    public void Schedule_BeyondTheTopLevel_IsNotEarly(long delayMs)
    {
        var sink = new RecordingSink();
        var wheel = new TimerWheel(1000, 8, 8);
        var handle = wheel.Schedule(1000, delayMs, 1, 1);
        wheel.Advance(400_000_000, ref sink);
        sink.Owners.ShouldBeEmpty();
        wheel.NextDelayMs(400_000_000).ShouldBeInRange(1, 1024);
        wheel.Cancel(ref handle).ShouldBeTrue();
    }

    [Fact]
    public void Schedule_AtTheBound_ThrowsAndKeepsWhatIsPending()
    {
        var sink = new RecordingSink();
        var wheel = new TimerWheel(0, 2, 100);
        for (var i = 0; i < 100; i++) wheel.Schedule(0, 10, 1, i);
        Should.Throw<InvalidOperationException>(() => wheel.Schedule(0, 10, 1, 100));
        wheel.Count.ShouldBe(100);
        wheel.Advance(20, ref sink);
        sink.Owners.Order().ShouldBe(Enumerable.Range(0, 100));
        wheel.Schedule(20, 10, 1, 100);
    }

    [Fact]
    public void Schedule_CapacityNone_GrowsOnFirstUse()
    {
        var wheel = new TimerWheel(0, 0, 10);
        for (var i = 0; i < 10; i++) wheel.Schedule(0, 10, 1, i);
        wheel.Count.ShouldBe(10);
        Should.Throw<InvalidOperationException>(() => wheel.Schedule(0, 10, 1, 11));
    }

    [Fact]
    public void Cancel_None_IsFalse()
    {
        var handle = default(TimerHandle);
        handle.IsNone.ShouldBeTrue();
        new TimerWheel(0, 1, 1).Cancel(ref handle).ShouldBeFalse();
    }

    [Fact]
    public void Cancel_HandleOfAReusedNode_LeavesTheNewTimer()
    {
        var sink = new RecordingSink();
        var wheel = new TimerWheel(0, 1, 1);
        var old = wheel.Schedule(0, 10, 1, 1);
        var copy = old;
        wheel.Cancel(ref old).ShouldBeTrue();
        wheel.Schedule(0, 10, 1, 2).Slot.ShouldBe(copy.Slot);
        wheel.Cancel(ref copy).ShouldBeFalse();
        wheel.Advance(100, ref sink);
        sink.Owners.ShouldBe([2]);
    }

    [Fact]
    public void Cancel_FromTheSinkForTheSameTick_IsNotFired()
    {
        var sink = new CancellingSink();
        var wheel = new TimerWheel(0, 8, 8);
        sink.Wheel = wheel;
        for (var i = 0; i < 3; i++) sink.Handles.Add(wheel.Schedule(0, 20, 1, i));
        wheel.Advance(20, ref sink);
        sink.FiredCount.ShouldBe(1);
        wheel.Count.ShouldBe(0);
    }

    [Fact]
    public void Advance_Backwards_ChangesNothing()
    {
        var sink = new RecordingSink();
        var wheel = new TimerWheel(10_000, 8, 8);
        wheel.Schedule(10_000, 100, 1, 1);
        wheel.Advance(5_000, ref sink);
        wheel.Advance(10_099, ref sink);
        sink.Owners.ShouldBeEmpty();
        wheel.Advance(10_100, ref sink);
        sink.Owners.ShouldBe([1]);
    }

    [Fact]
    public void NextDelayMs_NonePending_IsMinusOne() => new TimerWheel(0, 1, 1).NextDelayMs(0).ShouldBe(-1);

    private sealed class RecordingSink : ITimerSink
    {
        public List<int> Owners { get; } = [];

        public void OnTimer(ushort kind, int owner, TimerHandle handle) => Owners.Add(owner);
    }

    private sealed class CancellingSink : ITimerSink
    {
        public TimerWheel? Wheel { get; set; }

        public List<TimerHandle> Handles { get; } = [];

        public int FiredCount { get; private set; }

        public void OnTimer(ushort kind, int owner, TimerHandle handle)
        {
            FiredCount++;
            foreach (var each in Handles)
            {
                var other = each;
                Wheel!.Cancel(ref other).ShouldBe(each != handle);
            }
        }
    }
}
