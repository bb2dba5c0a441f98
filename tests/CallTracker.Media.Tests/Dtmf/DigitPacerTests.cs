using CallTracker.Media.Dtmf;

namespace CallTracker.Media.Tests.Dtmf;

/// <summary>How long digits and the pauses between them are told.</summary>
public sealed class DigitPacerTests
{
    private DigitPacer _pacer;

    [Theory]
    [InlineData(0, 3, 50)]
    [InlineData(49, 3, 50)]
    [InlineData(100, 5, 100)]
    [InlineData(101, 6, 101)]
    public void Digit_OfAnyLength_LastsAsLongAsItWasPressed(int durationMs, int frames, int toldMs)
    {
        _pacer.TryAdd(7, durationMs).ShouldBeTrue();
        for (var i = 0; i < frames; i++)
        {
            var frame = _pacer.Step();
            (frame.Kind, frame.Index, frame.IsEnd).ShouldBe((DigitFrameKind.Sound, i, i == frames - 1));
            frame.ElapsedMs.ShouldBe(Math.Min(toldMs, (i + 1) * 20));
        }
        for (var i = 0; i < DigitPacer.PauseCount; i++)
            _pacer.Step().ShouldBe(new DigitFrame(DigitFrameKind.Pause, 7, i, toldMs, true));
        (_pacer.IsBusy, _pacer.Step()).ShouldBe((false, default));
    }

    [Fact]
    public void Key_ThatIsDown_SoundsUntilItIsLetGo()
    {
        _pacer.TryBegin(3).ShouldBeTrue();
        for (var i = 0; i < 50; i++) _pacer.Step().IsEnd.ShouldBeFalse();
        _pacer.End(1010);
        var end = _pacer.Step();
        (end.IsEnd, end.ElapsedMs).ShouldBe((true, 1010));
    }

    [Fact]
    public void Key_LetGoEarlierThanTold_EndsAtOnce()
    {
        _pacer.TryBegin(3).ShouldBeTrue();
        for (var i = 0; i < 10; i++) _pacer.Step();
        _pacer.End(120);
        var end = _pacer.Step();
        (end.IsEnd, end.ElapsedMs).ShouldBe((true, 200));
    }

    [Fact]
    public void Key_UnderABook_EndsAfterAMinute()
    {
        _pacer.TryBegin(3).ShouldBeTrue();
        for (var i = 1; i < DigitPacer.DurationMsMax / 20; i++) _pacer.Step().IsEnd.ShouldBeFalse();
        _pacer.Step().IsEnd.ShouldBeTrue();
        for (var i = 0; i < DigitPacer.PauseCount; i++) _pacer.Step();
        _pacer.IsBusy.ShouldBeFalse();
        _pacer.End(70_000);
        _pacer.IsBusy.ShouldBeFalse();
    }

    [Fact]
    public void Digits_BeyondTheBound_AreRefusedAndTheOrderKept()
    {
        for (var i = 0; i < DigitQueue.CountMax; i++) _pacer.TryAdd((byte)(i % 16), 50).ShouldBeTrue();
        _pacer.TryAdd(9, 50).ShouldBeFalse();
        _pacer.TryBegin(9).ShouldBeFalse();
        var told = new List<int>();
        while (_pacer.IsBusy)
        {
            var frame = _pacer.Step();
            if (frame is { Kind: DigitFrameKind.Sound, Index: 0 }) told.Add(frame.Key);
        }
        told.ShouldBe(Enumerable.Range(0, DigitQueue.CountMax).Select(i => i % 16));
    }
}
