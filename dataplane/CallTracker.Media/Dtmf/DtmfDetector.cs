using System.Runtime.Intrinsics;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// Hears keys in 8 kHz audio (ITU-T Q.24). Eight Goertzel filters run over blocks of 51 samples and keep their phase;
/// two blocks in a row are a window. A key begins with four windows in a row (31.9 ms, so at most 38.2 ms after its
/// tone) that show the same two tones, alone, of steady level, and at the right frequencies: how the phases turn
/// from block to block measures these to a few hertz, where filters this short cannot. It ends with four windows
/// without it, so that a break of 10 ms does not make two. No clock, no allocation after construction; one call's
/// audio at a time.
/// </summary>
internal sealed class DtmfDetector
{
    private const int BlockSamples = 51;
    private const int WindowSamples = 2 * BlockSamples;
    // Windows that must agree; they overlap by a block, so they span one block more.
    private const int WindowCount = 4;
    private const int MissesMax = 4;
    private const int RowCount = 4;
    private const int ToneCount = 8;
    // Q.24 asks for -25 dBm and a twist of +4 to -8 dB; an edge of frequency costs the tone up to 1.4 dB.
    private const double LeastDbm0 = -31;
    private const float TwistMax = 4f;
    private const float TwistMin = 0.05f;
    // Any other tone of a group is at least 3.5 dB below: the strong group leaks into the weak one.
    private const float OtherMax = 0.45f;
    // The two tones hold this share of all power in a window, and, once their frequencies are known, in all four.
    private const float ShareMin = 0.60f;
    private const float TrueShareMin = 0.88f;
    // The weakest window against the strongest: a tone of less than 24 ms does not fill all four.
    private const float EnergySteadyMin = 0.70f;
    // The same for each tone, which the other leaks into.
    private const float SteadyMin = 0.22f;
    // Between the 1.5 % that must be taken and the 3.5 % that must be refused.
    private const float OffsetMax = 0.025f;
    private static readonly float LeastPower = PowerOf(DtmfTone.AmplitudeOf(LeastDbm0));
    private static readonly Vector256<float> Coefficients = MakeCoefficients();
    private readonly float[] _real = new float[WindowCount * ToneCount];
    private readonly float[] _imaginary = new float[WindowCount * ToneCount];
    private readonly float[] _energies = new float[WindowCount];
    private readonly float[] _blockReal = new float[ToneCount];
    private readonly float[] _blockImaginary = new float[ToneCount];
    private Vector256<float> _one;
    private Vector256<float> _two;
    private float _energy;
    private float _formerEnergy;
    private int _filled;
    private int _place;
    private long _block;
    private long _beganBlock;
    private long _heardBlock;
    private int _candidate = -1;
    private int _agreed;
    private int _key = -1;

    /// <summary>True while a key is down.</summary>
    public bool IsOn => _key >= 0;

    /// <summary>Forgets everything; whoever was told of a key that is down must be told of its end before.</summary>
    public void Clear()
    {
        Array.Clear(_real);
        Array.Clear(_imaginary);
        Array.Clear(_energies);
        Array.Clear(_blockReal);
        Array.Clear(_blockImaginary);
        (_one, _two) = (default, default);
        (_energy, _formerEnergy, _filled, _place) = (0, 0, 0, 0);
        (_block, _beganBlock, _heardBlock) = (0, 0, 0);
        (_candidate, _agreed, _key) = (-1, 0, -1);
    }

    /// <summary>Listens to the next samples.</summary>
    public void Take<TSink>(ReadOnlySpan<short> samples, ref TSink sink)
        where TSink : IDigitSink
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, BlockSamples - _filled);
            Run(samples[..count]);
            samples = samples[count..];
            if (_filled == BlockSamples) EndBlock(ref sink);
        }
    }

    /// <summary>The audio has a pause here, or is over: a key that is down is let go.</summary>
    public void Stop<TSink>(ref TSink sink)
        where TSink : IDigitSink
    {
        if (IsOn) EndKey(ref sink);
        Clear();
    }

    private void Run(ReadOnlySpan<short> samples)
    {
        var (one, two, energy) = (_one, _two, _energy);
        foreach (var sample in samples)
        {
            var now = Vector256.Create((float)sample) + (Coefficients * one) - two;
            (two, one) = (one, now);
            energy += (float)sample * sample;
        }
        (_one, _two, _energy) = (one, two, energy);
        _filled += samples.Length;
    }

    private void EndBlock<TSink>(ref TSink sink)
        where TSink : IDigitSink
    {
        var place = _place;
        _place = (_place + 1) % WindowCount;
        for (var tone = 0; tone < ToneCount; tone++) EndTone(tone, (place * ToneCount) + tone);
        _energies[place] = _energy + _formerEnergy;
        (_formerEnergy, _energy, _filled) = (_energy, 0, 0);
        (_one, _two) = (default, default);
        _block++;
        Judge(Look(place), ref sink);
    }

    // What the filter holds, turned back to the phase that a tone of just this frequency had at the very beginning:
    // such a tone has the same one in each block.
    private void EndTone(int tone, int at)
    {
        var hz = FrequencyOf(tone);
        var last = (_block * BlockSamples) + BlockSamples - 1;
        var (sine, cosine) = (DtmfTone.SineAt(hz), CosineAt(hz));
        var real = _one[tone] - (_two[tone] * cosine);
        var imaginary = _two[tone] * sine;
        var (turnSine, turnCosine) = (DtmfTone.SineAt(hz * last), CosineAt(hz * last));
        var nowReal = (real * turnCosine) + (imaginary * turnSine);
        var nowImaginary = (imaginary * turnCosine) - (real * turnSine);
        _real[at] = _blockReal[tone] + nowReal;
        _imaginary[at] = _blockImaginary[tone] + nowImaginary;
        (_blockReal[tone], _blockImaginary[tone]) = (nowReal, nowImaginary);
    }

    // The key that a window shows; -1 for none.
    private int Look(int place)
    {
        var row = Strongest(place, 0);
        var column = Strongest(place, RowCount);
        if (row < 0 || column < 0) return -1;
        var (low, high) = (Power(place, row), Power(place, column));
        if (low < LeastPower || high < LeastPower) return -1;
        if (high > low * TwistMax || high < low * TwistMin) return -1;
        // A sine of amplitude a has power (a · N / 2)² here and energy a² · N / 2.
        var isAlone = low + high >= ShareMin * _energies[place] * WindowSamples / 2;
        return isAlone ? DtmfKey.At(row, column - RowCount) : -1;
    }

    private int Strongest(int place, int first)
    {
        var best = first;
        for (var tone = first + 1; tone < first + RowCount; tone++)
        {
            if (Power(place, tone) > Power(place, best)) best = tone;
        }
        var limit = Power(place, best) * OtherMax;
        for (var tone = first; tone < first + RowCount; tone++)
        {
            if (tone != best && Power(place, tone) > limit) return -1;
        }
        return best;
    }

    private void Judge<TSink>(int seen, ref TSink sink)
        where TSink : IDigitSink
    {
        _agreed = seen >= 0 && seen == _candidate ? _agreed + 1 : seen >= 0 ? 1 : 0;
        _candidate = seen;
        if (IsOn && seen == _key) _heardBlock = _block;
        else if (IsOn && _block - _heardBlock >= MissesMax) EndKey(ref sink);
        if (_agreed < WindowCount || seen == _key || !IsTrue(seen)) return;
        if (IsOn) EndKey(ref sink);
        (_key, _heardBlock, _beganBlock) = (seen, _block, _block - WindowCount - 1);
        sink.OnBegin((byte)seen);
    }

    private void EndKey<TSink>(ref TSink sink)
        where TSink : IDigitSink
    {
        var (key, blocks) = (_key, _heardBlock - _beganBlock);
        _key = -1;
        sink.OnEnd((byte)key, (int)(blocks * BlockSamples * 1000 / DtmfTone.SampleRateHz));
    }

    private bool IsTrue(int key)
    {
        var row = DtmfKey.RowOf((byte)key);
        var column = RowCount + DtmfKey.ColumnOf((byte)key);
        if (!IsSteady() || !IsSteady(row) || !IsSteady(column)) return false;
        var (lowHz, highHz) = (OffsetHz(row), OffsetHz(column));
        return IsInTune(row, lowHz) && IsInTune(column, highHz) && AreAlone(row, lowHz, column, highHz);
    }

    private bool IsSteady()
    {
        var (least, most) = (float.MaxValue, 0f);
        foreach (var energy in _energies) (least, most) = (Math.Min(least, energy), Math.Max(most, energy));
        return least >= most * EnergySteadyMin;
    }

    private bool IsSteady(int tone)
    {
        var (least, most) = (float.MaxValue, 0f);
        for (var place = 0; place < WindowCount; place++)
        {
            least = Math.Min(least, Power(place, tone));
            most = Math.Max(most, Power(place, tone));
        }
        return least >= most * SteadyMin;
    }

    // A tone that is off by f turns by 2π · f · 51 / 8000 from window to window. Neighbours tell offsets up to 78 Hz
    // apart, windows two blocks away measure twice as finely and are told apart by the former.
    private float OffsetHz(int tone)
    {
        var coarse = TurnOver(1, tone);
        var fine = TurnOver(2, tone);
        var turns = MathF.Round(((2 * coarse) - fine) / MathF.Tau);
        var turn = (fine + (turns * MathF.Tau)) / 2;
        return turn * DtmfTone.SampleRateHz / (MathF.Tau * BlockSamples);
    }

    private static bool IsInTune(int tone, float offsetHz) => MathF.Abs(offsetHz) <= OffsetMax * FrequencyOf(tone);

    // Harmonics of music and the formants of speech are power beside the two tones.
    private bool AreAlone(int row, float lowHz, int column, float highHz)
    {
        var (low, high, energy) = (0f, 0f, 0f);
        for (var place = 0; place < WindowCount; place++)
        {
            low += Power(place, row);
            high += Power(place, column);
            energy += _energies[place];
        }
        var power = (low / Gain(lowHz)) + (high / Gain(highHz));
        return power >= TrueShareMin * energy * WindowSamples / 2;
    }

    // What a window keeps of the power of a tone so far off: (sin πx / πx)², x in windows.
    private static float Gain(float offsetHz)
    {
        var x = MathF.PI * offsetHz * WindowSamples / DtmfTone.SampleRateHz;
        var gain = MathF.Abs(x) < 0.001f ? 1 : MathF.Sin(x) / x;
        return gain * gain;
    }

    // The mean angle between windows that are so many blocks apart, oldest first from _place on.
    private float TurnOver(int blocks, int tone)
    {
        var (real, imaginary) = (0f, 0f);
        for (var i = 0; i + blocks < WindowCount; i++)
        {
            var former = ((_place + i) % WindowCount * ToneCount) + tone;
            var later = ((_place + i + blocks) % WindowCount * ToneCount) + tone;
            real += (_real[later] * _real[former]) + (_imaginary[later] * _imaginary[former]);
            imaginary += (_imaginary[later] * _real[former]) - (_real[later] * _imaginary[former]);
        }
        return MathF.Atan2(imaginary, real);
    }

    private float Power(int place, int tone)
    {
        var at = (place * ToneCount) + tone;
        return (_real[at] * _real[at]) + (_imaginary[at] * _imaginary[at]);
    }

    private static int FrequencyOf(int tone) =>
        tone < RowCount ? DtmfTone.RowsHz[tone] : DtmfTone.ColumnsHz[tone - RowCount];

    private static float CosineAt(long turnsTimesSamples) =>
        DtmfTone.SineAt(turnsTimesSamples + (DtmfTone.SampleRateHz / 4));

    private static float PowerOf(float amplitude) =>
        amplitude * amplitude * WindowSamples * WindowSamples / 4;

    private static Vector256<float> MakeCoefficients()
    {
        Span<float> coefficients = stackalloc float[ToneCount];
        for (var tone = 0; tone < ToneCount; tone++) coefficients[tone] = 2 * CosineAt(FrequencyOf(tone));
        return Vector256.Create<float>(coefficients);
    }
}
