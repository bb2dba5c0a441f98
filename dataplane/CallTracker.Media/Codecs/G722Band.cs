using System.Runtime.CompilerServices;

namespace CallTracker.Media.Codecs;

/// <summary>
/// The adaptive predictor and scale factor of one sub-band of ITU-T G.722 (clauses 3.6 and 6.2.1; block 4 with the
/// names of its sub-blocks). Encoder and decoder have the same, fed with the same quantized differences. A field of its
/// codec.
/// </summary>
internal struct G722Band
{
    private const int Zeros = 6;
    private const int LowLogMax = 18_432;
    private const int HighLogMax = 22_528;
    private int _sp;
    private int _sz;
    private int _r1;
    private int _r2;
    private int _a1;
    private int _a2;
    private int _p1;
    private int _p2;
    private Taps _d;
    private Taps _b;
    private int _nb;

    /// <summary>The predicted sample.</summary>
    public int Predicted { get; private set; }

    /// <summary>The quantizer's scale factor.</summary>
    public int Scale { get; private set; }

    public static G722Band Low() => new() { Scale = 32 };

    public static G722Band High() => new() { Scale = 8 };

    /// <summary>LOGSCL, SCALEL, then block 4; the 4-bit code is the upper part of the 6-bit one.</summary>
    public void AdaptLow(int code4)
    {
        var difference = (Scale * G722Tables.Qm4[code4]) >> 15;
        var log = ((_nb * 127) >> 7) + G722Tables.Wl[G722Tables.Rl42[code4]];
        _nb = Math.Clamp(log, 0, LowLogMax);
        Scale = ScaleOf(8);
        Predict(difference);
    }

    /// <summary>LOGSCH, SCALEH, then block 4; the difference, for the decoder's output.</summary>
    public int AdaptHigh(int code2)
    {
        var difference = (Scale * G722Tables.Qm2[code2]) >> 15;
        var log = ((_nb * 127) >> 7) + G722Tables.Wh[G722Tables.Rh2[code2]];
        _nb = Math.Clamp(log, 0, HighLogMax);
        Scale = ScaleOf(10);
        Predict(difference);
        return difference;
    }

    private readonly int ScaleOf(int exponent)
    {
        var mantissa = (int)G722Tables.Ilb[(_nb >> 6) & 31];
        var shift = exponent - (_nb >> 11);
        return (shift < 0 ? mantissa << -shift : mantissa >> shift) << 2;
    }

    private void Predict(int difference)
    {
        // RECONS, PARREC
        var reconstructed = Saturate(Predicted + difference);
        var parrec = Saturate(_sz + difference);
        var a2 = AdaptPole2(parrec);
        var a1 = AdaptPole1(parrec, a2);
        AdaptZeros(difference);
        // DELAYA
        (_r2, _r1) = (_r1, reconstructed);
        (_p2, _p1) = (_p1, parrec);
        (_a1, _a2) = (a1, a2);
        // FILTEP, FILTEZ, PREDIC
        _sp = Saturate(((_a1 * Saturate(_r1 + _r1)) >> 15) + ((_a2 * Saturate(_r2 + _r2)) >> 15));
        _sz = FilterZeros();
        Predicted = Saturate(_sp + _sz);
    }

    // UPPOL2
    private readonly int AdaptPole2(int parrec)
    {
        var step = Saturate(_a1 << 2);
        if (SameSign(parrec, _p1)) step = Math.Min(-step, short.MaxValue);
        var a2 = (SameSign(parrec, _p2) ? 128 : -128) + (step >> 7) + ((_a2 * 32_512) >> 15);
        return Math.Clamp(a2, -12_288, 12_288);
    }

    // UPPOL1
    private readonly int AdaptPole1(int parrec, int a2)
    {
        var step = SameSign(parrec, _p1) ? 192 : -192;
        var limit = Saturate(15_360 - a2);
        return Math.Clamp(Saturate(step + ((_a1 * 32_640) >> 15)), -limit, limit);
    }

    // UPZERO, and the delay line of the differences.
    private void AdaptZeros(int difference)
    {
        var step = difference == 0 ? 0 : 128;
        for (var i = 0; i < Zeros; i++)
        {
            var change = SameSign(_d[i], difference) ? step : -step;
            _b[i] = Saturate(change + ((_b[i] * 32_640) >> 15));
        }
        for (var i = Zeros - 1; i > 0; i--) _d[i] = _d[i - 1];
        _d[0] = difference;
    }

    private readonly int FilterZeros()
    {
        var sum = 0;
        for (var i = 0; i < Zeros; i++) sum += (_b[i] * Saturate(_d[i] + _d[i])) >> 15;
        return Saturate(sum);
    }

    private static bool SameSign(int a, int b) => (a ^ b) >= 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    [InlineArray(Zeros)]
    private struct Taps
    {
        private int _first;
    }
}
