namespace CallTracker.Media.Recording;

/// <summary>
/// A recording in the making: both sides on one clock that begins at 0. Packets go in, whole seconds come out half a
/// second after their end, each with its account; the last one is as long as the rest. Reused for recording after
/// recording. The writer's thread.
/// </summary>
public sealed class RecordingTrack
{
    /// <summary>Milliseconds of a stretch, but for the last.</summary>
    public const int StretchMs = 1000;
    /// <summary>Bytes of one side's stretch.</summary>
    public const int StretchBytes = StretchMs * SideWindow.SamplesPerMs;
    /// <summary>A second is taken out so long after its end, in milliseconds.</summary>
    public const int LateMs = 500;
    private readonly SideTrack _a;
    private readonly SideTrack _b;
    private long _startMs;
    private long _takenMs;
    private long _lastMs;
    private bool _isPaused;
    private RecordedTypes _formatsA;
    private RecordedTypes _formatsB;

    /// <param name="decoders">For codecs other than G.711.</param>
    public RecordingTrack(RecordingDecoders decoders) => (_a, _b) = (new SideTrack(decoders), new SideTrack(decoders));

    /// <summary>Milliseconds taken out so far.</summary>
    public long TakenMs => _takenMs;

    /// <summary>Times that a side's timestamps were not believed.</summary>
    public int Corrections => _a.Corrections + _b.Corrections;

    /// <summary>Makes it ready for another recording.</summary>
    /// <param name="startMs">When it begins, on the workers' clock.</param>
    /// <param name="formatsA">Payload types in what comes from side A.</param>
    /// <param name="formatsB">The same of side B.</param>
    public void Begin(long startMs, RecordedTypes formatsA, RecordedTypes formatsB)
    {
        (_startMs, _takenMs, _lastMs, _isPaused) = (startMs, 0, startMs, false);
        _a.Reset();
        _b.Reset();
        (_formatsA, _formatsB) = (formatsA, formatsB);
        TellFormats();
    }

    /// <summary>The recording is over and whole: gives back what was lent for it.</summary>
    public void Release()
    {
        _a.Release();
        _b.Release();
    }

    /// <summary>
    /// Takes a packet. What is due is to be taken out before, by <see cref="TryTakeOut"/> with its time.
    /// </summary>
    public void Take(in RecordingEntry entry, ReadOnlySpan<byte> packet)
    {
        _lastMs = Math.Max(_lastMs, entry.AtMs);
        if (!_isPaused) Side(entry.Side).Take(packet, Math.Max(0, entry.AtMs - _startMs), entry.Dropped);
    }

    /// <summary>What payload types mean on a side from now on.</summary>
    public void SetFormats(byte side, RecordedTypes formats)
    {
        if (side == 0) _formatsA = formats;
        else _formatsB = formats;
        TellFormats();
    }

    /// <summary>Between a pause and its end all is silence.</summary>
    public void Pause(bool isPaused)
    {
        _isPaused = isPaused;
        // What passed meanwhile was not lost.
        _a.BeginAnew();
        _b.BeginAnew();
    }

    /// <summary>Where a moment lies on the recording's clock.</summary>
    public long PlaceOf(long atMs) => Math.Max(0, atMs - _startMs);

    /// <summary>Takes a whole second out that is due; false when none is.</summary>
    public bool TryTakeOut(
        long nowMs, Span<byte> a, Span<byte> b, out SecondAccount accountA, out SecondAccount accountB)
    {
        (accountA, accountB) = (default, default);
        if (nowMs - _startMs < _takenMs + StretchMs + LateMs) return false;
        TakeOut(StretchMs, a, b, out accountA, out accountB);
        return true;
    }

    /// <summary>
    /// The recording is over: takes the next stretch out, at most a second; how many milliseconds it has, 0 at last.
    /// </summary>
    /// <param name="endMs">When it ended, on the workers' clock.</param>
    /// <param name="a">Side A's sound.</param>
    /// <param name="b">Side B's.</param>
    /// <param name="accountA">Side A's account.</param>
    /// <param name="accountB">Side B's.</param>
    public int TakeRest(long endMs, Span<byte> a, Span<byte> b, out SecondAccount accountA, out SecondAccount accountB)
    {
        var lengthMs = (int)Math.Clamp(endMs - _startMs - _takenMs, 0, StretchMs);
        TakeOut(lengthMs, a, b, out accountA, out accountB);
        return lengthMs;
    }

    /// <summary>The end of a recording that nobody told the end of.</summary>
    public long LastMs => _lastMs;

    /// <summary>Packets that nothing follows found no room.</summary>
    public void MissLast(int droppedA, int droppedB, long endMs)
    {
        _a.MissLast(droppedA, PlaceOf(endMs));
        _b.MissLast(droppedB, PlaceOf(endMs));
    }

    private void TakeOut(
        int lengthMs, Span<byte> a, Span<byte> b, out SecondAccount accountA, out SecondAccount accountB)
    {
        accountA = _a.TakeOut(lengthMs, a);
        accountB = _b.TakeOut(lengthMs, b);
        _takenMs += lengthMs;
    }

    private void TellFormats()
    {
        _a.SetFormats(_formatsA, _formatsB);
        _b.SetFormats(_formatsB, _formatsA);
    }

    private SideTrack Side(byte side) => side == 0 ? _a : _b;
}
