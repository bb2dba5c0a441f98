using CallTracker.Media.Playback;

namespace CallTracker.Media.Tests.Playback;

/// <summary>A tone that plays allocates nothing; the meter is proved in <c>RelayAllocationTests</c>.</summary>
public sealed class RingbackAllocationTests
{
    [Fact]
    public void Tone_PlayedForMinutes_AllocatesNothing()
    {
        using var line = new Line();
        line.Start(RingbackTone.PcmuType);
        line.Harness.Step(1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
        {
            line.Harness.Step(1000);
            line.Harness.Relay.StopRingback(line.Session);
            line.Start(RingbackTone.PcmaType);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        line.Harness.Relay.RingbackPackets.ShouldBeGreaterThan(500);
    }
}
