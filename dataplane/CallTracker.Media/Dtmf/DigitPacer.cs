namespace CallTracker.Media.Dtmf;

/// <summary>
/// Tells queued keys one after another in steps of 20 ms: each for as long as it was pressed, at least 50 ms, and then
/// a pause of three steps, in which the end of an event is repeated twice (RFC 4733 section 2.5.1.4) and tones are
/// silent; Q.24 asks for a pause of 40 ms. A key that is down sounds until it is let go. No clock, no allocation.
/// </summary>
internal struct DigitPacer
{
    /// <summary>The shortest digit told.</summary>
    public const int DurationMsMin = 50;
    /// <summary>The longest; a key may lie under a book.</summary>
    public const int DurationMsMax = 60_000;
    /// <summary>Steps of pause behind each digit.</summary>
    public const int PauseCount = 3;
    private DigitQueue _queue;
    private DigitFrameKind _kind;
    private int _index;
    private int _soundedMs;

    /// <summary>True while a digit is being told or waits.</summary>
    public readonly bool IsBusy => _queue.Count > 0;

    public bool TryBegin(byte key) => _queue.TryBegin(key);

    public void End(int durationMs) => _queue.End(durationMs);

    public bool TryAdd(byte key, int durationMs) => _queue.TryAdd(key, durationMs);

    public void Clear()
    {
        _queue.Clear();
        (_kind, _index, _soundedMs) = (DigitFrameKind.None, 0, 0);
    }

    /// <summary>The next 20 ms.</summary>
    public DigitFrame Step()
    {
        if (_queue.Count == 0) return default;
        if (_kind == DigitFrameKind.None) (_kind, _index, _soundedMs) = (DigitFrameKind.Sound, 0, 0);
        return _kind == DigitFrameKind.Sound ? Sound() : Pause();
    }

    private DigitFrame Sound()
    {
        var isDown = _queue.DurationMs < 0;
        var wantedMs = isDown ? DurationMsMax : Math.Clamp(_queue.DurationMs, DurationMsMin, DurationMsMax);
        // One that was held longer than it turned out to be measured ends here and now.
        wantedMs = Math.Max(wantedMs, _soundedMs);
        var isEnd = _soundedMs + DtmfTone.FrameMs >= wantedMs;
        _soundedMs = isEnd ? wantedMs : _soundedMs + DtmfTone.FrameMs;
        var frame = new DigitFrame(DigitFrameKind.Sound, _queue.Key, _index++, _soundedMs, isEnd);
        if (isEnd) (_kind, _index) = (DigitFrameKind.Pause, 0);
        return frame;
    }

    private DigitFrame Pause()
    {
        var frame = new DigitFrame(DigitFrameKind.Pause, _queue.Key, _index++, _soundedMs, IsEnd: true);
        if (_index < PauseCount) return frame;
        // A key that is still down has been told for as long as any may be.
        _queue.RemoveFirst();
        _kind = DigitFrameKind.None;
        return frame;
    }
}
