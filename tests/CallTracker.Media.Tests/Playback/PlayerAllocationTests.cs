using CallTracker.Media.Playback;
using CallTracker.Media.Relay;

namespace CallTracker.Media.Tests.Playback;

/// <summary>A played frame allocates nothing, nor do start, stop, loop and end; the meter is proved too.</summary>
public sealed class PlayerAllocationTests
{
    private const int Rounds = 50;
    private static readonly Prompt Short = Sounds.Steps("short", 3, 1000);
    private static readonly PlayList Sequence = new(new PlayItem(Short, 2), new PlayItem(Tones.Ringback));

    [Fact]
    public void Meter_WhenAFrameIsCopiedOut_SeesIt()
    {
        using var line = new Line();
        Measure(() => GC.KeepAlive(Short.In(PromptCodecs.Pcmu)[0].ToArray())).ShouldBeGreaterThan(Rounds * 160);
    }

    [Theory]
    [InlineData(PlayUse.Prompt)]
    [InlineData(PlayUse.Ringback)]
    [InlineData(PlayUse.HoldMusic)]
    public void Frames_PlayedLoopedAndStopped_AllocateNothing(PlayUse use)
    {
        using var line = new Line();
        Measure(() =>
        {
            line.Play(Sequence, use);
            line.Harness.Step(300);
            line.Player.Stop(line.Session, MediaSide.A);
            line.Play(Short.Looped, use, PromptCodecs.Pcma);
            line.Harness.Step(100);
        }).ShouldBe(0);
        line.Player.Packets(use).ShouldBeGreaterThan(Rounds * 30);
    }

    private static long Measure(Action act)
    {
        for (var i = 0; i < Rounds; i++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
