namespace CallTracker.Media.Dtmf;

/// <summary>
/// Halves 16 kHz audio for the detector: a half-band low-pass of 15 taps (windowed sinc, Hamming), flat within 0.02 dB
/// up to 2 kHz, which is beyond the tones. Keeps what lies between two frames; one stream at a time.
/// </summary>
internal struct HalfRate
{
    private const int Taps = 15;
    private const int Middle = 7;
    private Line _line;
    private int _at;
    private bool _isOdd;

    // Every second tap beside the middle is 0.
    private static ReadOnlySpan<float> Side => [0.307164f, -0.075974f, 0.023171f, -0.00523f];

    /// <summary>Takes 16 kHz samples and writes every second one, filtered.</summary>
    /// <returns>Samples written: half of those taken, one more or less by turns where that is odd.</returns>
    public int Take(ReadOnlySpan<short> samples, Span<short> halved)
    {
        var count = 0;
        foreach (var sample in samples)
        {
            _line[_at] = sample;
            _at = _at + 1 == Taps ? 0 : _at + 1;
            _isOdd = !_isOdd;
            if (!_isOdd && count < halved.Length) halved[count++] = Filter();
        }
        return count;
    }

    private readonly short Filter()
    {
        var sum = 0.5f * Past(Middle);
        for (var i = 0; i < Side.Length; i++)
            sum += Side[i] * (Past(Middle - 1 - (2 * i)) + Past(Middle + 1 + (2 * i)));
        return (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
    }

    private readonly float Past(int samples)
    {
        var at = _at - 1 - samples;
        return _line[at < 0 ? at + Taps : at];
    }

    [System.Runtime.CompilerServices.InlineArray(Taps)]
    private struct Line
    {
        private float _first;
    }
}
