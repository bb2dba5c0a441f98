namespace CallTracker.Media.Transcoding;

/// <summary>
/// Samples on their way from packets of one length to packets of another. A fixed array whose beginning is always the
/// next frame. Owned by its converter.
/// </summary>
internal sealed class SampleQueue
{
    private readonly short[] _samples;

    /// <param name="capacity">Samples that fit.</param>
    public SampleQueue(int capacity) => _samples = new short[capacity];

    public int Count { get; private set; }

    /// <summary>Where the next samples are to be written.</summary>
    public Span<short> Free => _samples.AsSpan(Count);

    /// <summary>So many were written there.</summary>
    public void Added(int count) => Count += count;

    /// <summary>The first of those that wait.</summary>
    public Span<short> Peek(int count) => _samples.AsSpan(0, count);

    public void Drop(int count)
    {
        Count -= count;
        _samples.AsSpan(count, Count).CopyTo(_samples);
    }

    public void Clear() => Count = 0;
}
