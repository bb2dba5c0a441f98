namespace CallTracker.Media.Codecs;

/// <summary>
/// Fills in for lost audio of codecs that have no concealment of their own: the last pitch period is repeated, at full
/// level for 10 ms and then fading to silence at 60 ms. That is the plan of ITU-T G.711 appendix I without its overlaps
/// of growing length; it is not held to that text bit by bit. One stream, one thread.
/// </summary>
public sealed class LossConcealer
{
    // Pitches of 66 to 200 Hz and their multiples, as in the appendix.
    private const int PitchMsMin = 5;
    private const int PitchMsMax = 15;
    private const int CompareMs = 20;
    private const int FullMs = 10;
    private const int SilentMs = 60;
    private const int JoinMs = 4;
    private readonly int _perMs;
    private readonly short[] _history;
    private readonly short[] _tail;
    private int _pitch;
    private int _place;
    private int _lost;

    /// <param name="sampleRateHz">8000, 16000 or 48000.</param>
    public LossConcealer(int sampleRateHz)
    {
        _perMs = sampleRateHz / 1000;
        _history = new short[(PitchMsMax + CompareMs) * _perMs];
        _tail = new short[JoinMs * _perMs];
    }

    /// <summary>Forgets what it heard.</summary>
    public void Reset()
    {
        Array.Clear(_history);
        (_lost, _pitch, _place) = (0, 0, 0);
    }

    /// <summary>
    /// Audio that came. After a loss its first 4 ms are faded in over what was made up, in place.
    /// </summary>
    public void Take(Span<short> samples)
    {
        if (_lost > 0) Join(samples);
        _lost = 0;
        var kept = Math.Min(samples.Length, _history.Length);
        _history.AsSpan(kept).CopyTo(_history);
        samples[^kept..].CopyTo(_history.AsSpan(_history.Length - kept));
    }

    /// <summary>Audio that did not come: the span is filled.</summary>
    public void Conceal(Span<short> samples)
    {
        if (_lost == 0)
        {
            _pitch = FindPitch();
            _place = 0;
        }
        foreach (ref var sample in samples) sample = Next();
    }

    private short Next()
    {
        var ms = _lost / (double)_perMs;
        var gain = ms <= FullMs ? 1 : Math.Max(0, (SilentMs - ms) / (SilentMs - FullMs));
        // Once silent it stays so, however long it lasts.
        if (_lost < SilentMs * _perMs) _lost++;
        var sample = _history[_history.Length - _pitch + _place];
        _place = _place + 1 == _pitch ? 0 : _place + 1;
        return (short)(sample * gain);
    }

    private void Join(Span<short> samples)
    {
        var count = Math.Min(_tail.Length, samples.Length);
        for (var i = 0; i < count; i++) _tail[i] = Next();
        for (var i = 0; i < count; i++)
            samples[i] = (short)(((samples[i] * (i + 1)) + (_tail[i] * (count - i))) / (count + 1));
    }

    // The lag at which the last 20 ms are most like what was before them.
    private int FindPitch()
    {
        var compared = CompareMs * _perMs;
        var last = _history.AsSpan(_history.Length - compared);
        var best = PitchMsMin * _perMs;
        var bestScore = double.MinValue;
        // Every other sample and lag at the higher rates: a period need not be exact to a sample there.
        var step = Math.Max(1, _perMs / 8);
        for (var lag = PitchMsMin * _perMs; lag <= PitchMsMax * _perMs; lag += step)
        {
            var before = _history.AsSpan(_history.Length - compared - lag, compared);
            long product = 0, energy = 1;
            for (var i = 0; i < compared; i += step)
            {
                product += last[i] * before[i];
                energy += before[i] * before[i];
            }
            var score = product / Math.Sqrt(energy);
            if (score <= bestScore) continue;
            (best, bestScore) = (lag, score);
        }
        return best;
    }
}
