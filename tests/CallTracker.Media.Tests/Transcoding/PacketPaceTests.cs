using CallTracker.Media.Transcoding;

namespace CallTracker.Media.Tests.Transcoding;

/// <summary>Audio is never too fast, and a flood is cut to what audio could be.</summary>
public sealed class PacketPaceTests
{
    [Fact]
    public void Audio_InTheShortestPackets_IsAllTaken()
    {
        var pace = default(PacketPace);
        for (var ms = 1_000_000; ms < 1_010_000; ms += 5) pace.TryTake(ms).ShouldBeTrue();
    }

    [Fact]
    public void Backlog_OfAStall_IsAllTaken()
    {
        var pace = default(PacketPace);
        for (var i = 0; i < 25; i++) pace.TryTake(1_000_000).ShouldBeTrue("half a second of 20 ms");
    }

    [Fact]
    public void Flood_OfTenThousandASecond_IsCutToTwoHundred()
    {
        var pace = default(PacketPace);
        var taken = 0;
        for (var i = 0; i < 100_000; i++) taken += pace.TryTake(1_000_000 + (i / 10)) ? 1 : 0;
        taken.ShouldBeInRange(2000, 2101);
    }
}
