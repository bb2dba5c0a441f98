using System.Numerics;
using System.Runtime.InteropServices;

namespace CallTracker.Media.Playback;

/// <summary>
/// Converts sound from one sample rate to another: a polyphase filter, a sinc under a Kaiser window. What the lower
/// rate cannot hold is 80 dB down; up to nine tenths of its half the response is flat. Stateless; for sound at rest,
/// not for a worker.
/// </summary>
public static class PromptResampler
{
    // Crossings of zero on each side of the sinc, and the window's shape: a transition of a tenth of the lower rate's
    // half, ending there.
    private const int Crossings = 48;
    private const double WindowShape = 8;
    private const double Cutoff = 0.95;

    /// <summary>Converts a sound; one of the same rate is copied.</summary>
    /// <param name="sound">The sound.</param>
    /// <param name="rateHz">The rate wanted.</param>
    /// <param name="length">Samples wanted; behind the sound's end is silence.</param>
    public static short[] Convert(PcmSound sound, int rateHz, int length)
    {
        var output = new short[length];
        if (sound.RateHz == rateHz)
        {
            sound.Samples.AsSpan(0, Math.Min(length, sound.Samples.Length)).CopyTo(output);
            return output;
        }
        var divisor = (int)BigInteger.GreatestCommonDivisor(sound.RateHz, rateHz);
        var (up, down) = (rateHz / divisor, sound.RateHz / divisor);
        var cutoff = Cutoff * Math.Min(1, (double)up / down);
        var half = (int)Math.Ceiling(Crossings / Math.Min(1, (double)up / down));
        var filters = MakeFilters(up, half, cutoff);
        var padded = new float[sound.Samples.Length + (4 * half)];
        for (var i = 0; i < sound.Samples.Length; i++) padded[(2 * half) + i] = sound.Samples[i];
        for (var i = 0; i < length; i++)
        {
            // Output i lies phase / up samples behind input sample at.
            var (at, phase) = Math.DivRem((long)i * down, up);
            var start = at + half + 1;
            if (start + (2 * half) > padded.Length) break;
            var sum = Dot(filters[phase], padded.AsSpan((int)start, 2 * half));
            output[i] = (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
        }
        return output;
    }

    // Filter p holds the weights of the 2 half input samples around a point p / up behind one: the sample before it is
    // number half - 1. Their sum is 1, so that the level stays.
    private static float[][] MakeFilters(int up, int half, double cutoff)
    {
        var filters = new float[up][];
        for (var phase = 0; phase < up; phase++)
        {
            var weights = new double[2 * half];
            var total = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                var distance = k - (half - 1) - ((double)phase / up);
                weights[k] = Sinc(cutoff * distance) * Window(distance / half);
                total += weights[k];
            }
            filters[phase] = new float[weights.Length];
            for (var k = 0; k < weights.Length; k++) filters[phase][k] = (float)(weights[k] / total);
        }
        return filters;
    }

    private static float Dot(ReadOnlySpan<float> weights, ReadOnlySpan<float> samples)
    {
        var wideWeights = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var wideSamples = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < wideWeights.Length; i++) sums += wideWeights[i] * wideSamples[i];
        var sum = Vector.Sum(sums);
        for (var i = wideWeights.Length * Vector<float>.Count; i < weights.Length; i++) sum += weights[i] * samples[i];
        return sum;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    // Kaiser; x from -1 to 1.
    private static double Window(double x) =>
        Math.Abs(x) >= 1 ? 0 : Bessel(WindowShape * Math.Sqrt(1 - (x * x))) / Bessel(WindowShape);

    // The modified Bessel function of the first kind and order zero, by its series.
    private static double Bessel(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
