namespace CallTracker.Media.Codecs;

/// <summary>
/// The low-pass of a <see cref="Resampler"/>: a sinc in a Kaiser window, cut off just below half of the lower rate, its
/// weights laid out by phase and backwards, as they meet the samples. Made once for each factor and direction, read by
/// all threads.
/// </summary>
internal sealed class ResamplerFilter
{
    // For each sample of the lower rate. With the window below: flat to 3.4 of 4 kHz, 80 dB down from 4.6 kHz on.
    private const int TapsPerSample = 32;
    private const double Beta = 8.0;
    private const double Cutoff = 0.96;
    private static readonly ResamplerFilter[] Ups = [Make(2, true), Make(3, true), Make(6, true)];
    private static readonly ResamplerFilter[] Downs = [Make(2, false), Make(3, false), Make(6, false)];
    private readonly float[][] _phases;
    private readonly int _taps;

    private ResamplerFilter(float[][] phases, int taps) => (_phases, _taps) = (phases, taps);

    /// <summary>Samples that an output is made of.</summary>
    public int Length => _phases[0].Length;

    public static ResamplerFilter Of(int factor, bool isUp) =>
        (isUp ? Ups : Downs)[factor switch { 2 => 0, 3 => 1, _ => 2 }];

    public ReadOnlySpan<float> Phase(int phase) => _phases[phase];

    /// <summary>Half the filter, at the higher rate.</summary>
    public int DelayUs(int higherHz) => (int)((_taps - 1) * 500_000L / higherHz);

    private static ResamplerFilter Make(int factor, bool isUp)
    {
        var taps = TapsPerSample * factor;
        var weights = MakeWeights(taps, factor);
        if (!isUp) return new ResamplerFilter([Backwards(weights, 0, 1, 1)], taps);
        var phases = new float[factor][];
        for (var phase = 0; phase < factor; phase++) phases[phase] = Backwards(weights, phase, factor, factor);
        return new ResamplerFilter(phases, taps);
    }

    private static double[] MakeWeights(int taps, int factor)
    {
        var weights = new double[taps];
        var centre = (taps - 1) / 2.0;
        var sum = 0.0;
        for (var i = 0; i < taps; i++)
        {
            var x = (i - centre) * Cutoff / factor;
            var sinc = Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
            var place = (i - centre) / (centre + 0.5);
            weights[i] = sinc * Bessel(Beta * Math.Sqrt(1 - (place * place)));
            sum += weights[i];
        }
        for (var i = 0; i < taps; i++) weights[i] /= sum;
        return weights;
    }

    private static float[] Backwards(double[] weights, int first, int step, double gain)
    {
        var count = weights.Length / step;
        var phase = new float[count];
        for (var i = 0; i < count; i++) phase[count - 1 - i] = (float)(weights[first + (i * step)] * gain);
        return phase;
    }

    // The modified Bessel function of the first kind, order 0.
    private static double Bessel(double x)
    {
        double term = 1, sum = 1;
        for (var i = 1; term > sum * 1e-12; i++)
        {
            term *= x / 2 / i * (x / 2 / i);
            sum += term;
        }
        return sum;
    }
}
