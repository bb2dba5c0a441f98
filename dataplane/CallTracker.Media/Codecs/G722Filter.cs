namespace CallTracker.Media.Codecs;

/// <summary>
/// The quadrature mirror filter of ITU-T G.722 (clause 3.1 and 4.4): splits 16 kHz into two bands of 8 kHz, or joins
/// them. 24 values of memory, in a buffer twice as long so that it is moved seldom. Owned by its codec.
/// </summary>
internal sealed class G722Filter
{
    private const int Length = 24;
    private const int Half = Length / 2;
    private readonly int[] _line = new int[Length * 8];
    private int _end = Length;

    public void Clear()
    {
        Array.Clear(_line);
        _end = Length;
    }

    /// <summary>The next pair of values.</summary>
    public void Push(int first, int second)
    {
        if (_end == _line.Length)
        {
            Array.Copy(_line, _end - Length, _line, 0, Length);
            _end = Length;
        }
        _line[_end] = first;
        _line[_end + 1] = second;
        _end += 2;
    }

    /// <summary>The encoder's: what of the last pair lies below 4 kHz and what above.</summary>
    public void Split(out int low, out int high)
    {
        Sum(out var ascending, out var descending);
        low = (descending + ascending) >> 14;
        high = (descending - ascending) >> 14;
    }

    /// <summary>The decoder's: two samples.</summary>
    public void Merge(out short first, out short second)
    {
        Sum(out var ascending, out var descending);
        first = (short)Math.Clamp(descending >> 11, short.MinValue, short.MaxValue);
        second = (short)Math.Clamp(ascending >> 11, short.MinValue, short.MaxValue);
    }

    // The even values are weighted with the coefficients, the odd ones with their mirror.
    private void Sum(out int even, out int odd)
    {
        var values = _line.AsSpan(_end - Length, Length);
        ReadOnlySpan<short> weights = G722Tables.Qmf;
        (even, odd) = (0, 0);
        for (var i = 0; i < Half; i++)
        {
            even += values[2 * i] * weights[i];
            odd += values[(2 * i) + 1] * weights[Half - 1 - i];
        }
    }
}
