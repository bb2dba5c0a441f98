namespace CallTracker.Media.Relay;

/// <summary>
/// The idle port pairs of one IP version as a ring: taken at the head, returned at the tail, so that a port rests as
/// long as it can. Owned by one <see cref="RtpPortPool"/>.
/// </summary>
internal sealed class PairRing
{
    private readonly int[] _pairs;
    private int _head;

    /// <param name="first">Index of the first pair.</param>
    /// <param name="count">Pairs, all idle.</param>
    public PairRing(int first, int count)
    {
        _pairs = new int[count];
        for (var i = 0; i < count; i++) _pairs[i] = first + i;
        Count = count;
    }

    /// <summary>Pairs that are idle.</summary>
    public int Count { get; private set; }

    /// <summary>Pairs in all.</summary>
    public int Capacity => _pairs.Length;

    public bool TryTake(out int pair)
    {
        pair = -1;
        if (Count == 0) return false;
        pair = _pairs[_head];
        _head = _head + 1 == _pairs.Length ? 0 : _head + 1;
        Count--;
        return true;
    }

    public void Return(int pair)
    {
        var tail = _head + Count;
        _pairs[tail >= _pairs.Length ? tail - _pairs.Length : tail] = pair;
        Count++;
    }
}
