namespace CallTracker.Media.Tests.Codecs;

/// <summary>Signals to try codecs with, and how much of one is found in another.</summary>
internal static class Signals
{
    /// <summary>Five seconds with something of everything: tones, noise, silence, clipping, steps.</summary>
    public static short[] Mixture(int rateHz, int seed = 7)
    {
        var random = new Random(seed);
        var samples = new short[rateHz * 5];
        for (var i = 0; i < samples.Length; i++)
        {
            var t = (double)i / rateHz;
            samples[i] = (i * 10 / samples.Length) switch
            {
                0 => Round(8000 * Math.Sin(2 * Math.PI * 440 * t)),
                1 => Round(random.Next(-20_000, 20_000)),
                2 => 0,
                3 => Round(40_000 * Math.Sin(2 * Math.PI * 1000 * t)),
                4 => Round(6000 * Math.Sin(2 * Math.PI * t * (100 + (600 * t)))),
                5 => (short)(i / 40 % 2 == 0 ? short.MaxValue : short.MinValue),
                6 => Round(random.Next(-20, 20)),
                7 => Voice(t),
                8 => Round(12_000 * Math.Sin(2 * Math.PI * 0.42 * i)),
                _ => Round(random.Next(short.MinValue, short.MaxValue)),
            };
        }
        return samples;
    }

    public static short[] Sine(int rateHz, double hz, int ms, double amplitude = 10_000)
    {
        var samples = new short[rateHz * ms / 1000];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = Round(amplitude * Math.Sin(2 * Math.PI * hz * i / rateHz));
        return samples;
    }

    /// <summary>How loud a tone of a frequency is in the samples, as the amplitude of its sine.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, int rateHz, double hz)
    {
        double real = 0, imaginary = 0, weight = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * (i + 0.5) / samples.Length));
            real += window * samples[i] * Math.Cos(2 * Math.PI * hz * i / rateHz);
            imaginary += window * samples[i] * Math.Sin(2 * Math.PI * hz * i / rateHz);
            weight += window;
        }
        return 2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / weight;
    }

    public static double Root(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples) sum += sample * (double)sample;
        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    public static double Decibels(double ratio) => 20 * Math.Log10(Math.Max(ratio, 1e-9));

    private static short Voice(double t)
    {
        var sum = 0.0;
        for (var i = 1; i < 12; i++) sum += Math.Sin(2 * Math.PI * 140 * i * t) / i;
        return Round(9000 * sum * (0.5 + (0.5 * Math.Sin(2 * Math.PI * 4 * t))));
    }

    private static short Round(double value) =>
        (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);
}
