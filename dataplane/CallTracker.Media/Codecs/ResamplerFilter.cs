namespace CallTracker.Media.Codecs;

/// <summary>
/// The low-pass of a <see cref="Resampler"/>: a sinc in a Kaiser window, cut off just below half of the lower rate, its
/// weights laid out by phase and backwards, as they meet the samples. Those between 8, 16 and 48 kHz are made once and
/// read by all threads.
/// </summary>
internal sealed class ResamplerFilter
{
    // Of streams, for each sample of the lower rate.
    private const int TapsPerSample = 32;
    private const double Beta = 8.0;
    private const double Cutoff = 0.96;
    private static readonly ResamplerFilter[] Ups = [Make(2, 1), Make(3, 1), Make(6, 1)];
    private static readonly ResamplerFilter[] Downs = [Make(1, 2), Make(1, 3), Make(1, 6)];
    private readonly float[][] _phases;

    private ResamplerFilter(float[][] phases, double centre) => (_phases, DelaySteps) = (phases, centre);

    /// <summary>Samples that an output is made of.</summary>
    public int Length => _phases[0].Length;

    /// <summary>Half the filter, in steps of the input's rate times "up".</summary>
    public double DelaySteps { get; }

    /// <summary>A filter for streams: 32 weights for each sample of the lower rate.</summary>
    /// <remarks>Of 8 kHz: flat to 3.4 of 4 kHz, 80 dB down from 4.6 kHz on; a delay of 2 ms.</remarks>
    public static ResamplerFilter Of(int up, int down) => (up, down) switch
    {
        (2, 1) => Ups[0],
        (3, 1) => Ups[1],
        (6, 1) => Ups[2],
        (1, 2) => Downs[0],
        (1, 3) => Downs[1],
        (1, 6) => Downs[2],
        _ => Make(up, down),
    };

    /// <summary>
    /// A filter for sound at rest: flat to nine tenths of the lower half, 80 dB down from there on. Its delay is a
    /// whole number of outputs, so that they can be put back into their places.
    /// </summary>
    public static ResamplerFilter Fine(int up, int down)
    {
        var centre = ((48 * Math.Max(up, down)) + down - 1) / down * down;
        return Make(up, down, (2 * centre) + 1, centre, cutoff: 0.95);
    }

    public ReadOnlySpan<float> Phase(int phase) => _phases[phase];

    private static ResamplerFilter Make(int up, int down)
    {
        var taps = TapsPerSample * Math.Max(up, down);
        return Make(up, down, taps, (taps - 1) / 2.0, Cutoff);
    }

    private static ResamplerFilter Make(int up, int down, int taps, double centre, double cutoff)
    {
        // As many for each phase; those too many are zero.
        taps = (taps + up - 1) / up * up;
        var weights = MakeWeights(taps, centre, cutoff / Math.Max(up, down));
        var phases = new float[up][];
        for (var phase = 0; phase < up; phase++) phases[phase] = Backwards(weights, phase, up, up);
        return new ResamplerFilter(phases, centre);
    }

    private static double[] MakeWeights(int taps, double centre, double cutoff)
    {
        var weights = new double[taps];
        var sum = 0.0;
        for (var i = 0; i < taps; i++)
        {
            var x = (i - centre) * cutoff;
            var sinc = Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
            var place = (i - centre) / (centre + 0.5);
            weights[i] = Math.Abs(place) > 1 ? 0 : sinc * Bessel(Beta * Math.Sqrt(1 - (place * place)));
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
