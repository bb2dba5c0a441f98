using System.Numerics;
using System.Runtime.InteropServices;

namespace CallTracker.Media.Codecs;

/// <summary>
/// Brings samples from one rate to another with a windowed sinc in phases: a stream, later by <see cref="DelayUs"/>, or
/// with <see cref="Convert"/> a sound at rest, in its place and with a sharper filter. Holds the last samples between
/// calls; one thread uses it.
/// </summary>
public sealed class Resampler
{
    private const int RateHzMin = 8000;
    private readonly ResamplerFilter _filter;
    private readonly int _up;
    private readonly int _down;
    // The last samples of what was before, then what comes in.
    private readonly float[] _line;
    private int _offset;

    /// <param name="fromHz">8000 to 48000.</param>
    /// <param name="toHz">Likewise, and not the same. Between 8000, 16000 and 48000 the filters are ready.</param>
    public Resampler(int fromHz, int toHz)
        : this(fromHz, toHz, isFine: false)
    {
    }

    private Resampler(int fromHz, int toHz, bool isFine)
    {
        Check(fromHz);
        Check(toHz);
        ArgumentOutOfRangeException.ThrowIfEqual(toHz, fromHz);
        (FromHz, ToHz) = (fromHz, toHz);
        var divisor = (int)BigInteger.GreatestCommonDivisor(fromHz, toHz);
        (_up, _down) = (toHz / divisor, fromHz / divisor);
        _filter = isFine ? ResamplerFilter.Fine(_up, _down) : ResamplerFilter.Of(_up, _down);
        InputMax = AudioCodecs.PacketMsMax * fromHz / 1000;
        _line = new float[_filter.Length + InputMax];
    }

    /// <summary>Most samples taken at a time: 120 ms.</summary>
    public int InputMax { get; }

    public int FromHz { get; }

    public int ToHz { get; }

    /// <summary>How much later the output is than the input, in microseconds.</summary>
    public int DelayUs => (int)(_filter.DelaySteps * 1_000_000 / ((long)FromHz * _up));

    /// <summary>The most samples that so many become.</summary>
    public int OutputMax(int samples) => ((samples * _up) + _down - 1) / _down;

    /// <summary>Converts a sound at rest, without delay; one of the same rate is copied. Not for a worker.</summary>
    /// <param name="sound">The samples.</param>
    /// <param name="fromHz">Their rate, 8000 to 48000.</param>
    /// <param name="toHz">The rate wanted, likewise.</param>
    /// <param name="length">Samples wanted; behind the sound's end is silence.</param>
    public static short[] Convert(ReadOnlySpan<short> sound, int fromHz, int toHz, int length)
    {
        var output = new short[length];
        if (fromHz == toHz)
        {
            sound[..Math.Min(length, sound.Length)].CopyTo(output);
            return output;
        }
        var resampler = new Resampler(fromHz, toHz, isFine: true);
        var piece = new short[resampler.OutputMax(resampler.InputMax)];
        var skip = (int)Math.Round(resampler._filter.DelaySteps / resampler._down);
        var written = 0;
        // Silence behind the sound brings out what is still in the filter.
        var tail = new short[resampler.InputMax];
        for (var at = 0; written < length && at < sound.Length + resampler._filter.Length; at += resampler.InputMax)
        {
            var rest = at < sound.Length ? sound[at..] : default;
            if (rest.Length < resampler.InputMax)
            {
                Array.Clear(tail);
                rest.CopyTo(tail);
                rest = tail;
            }
            var made = piece.AsSpan(0, resampler.Run(rest[..resampler.InputMax], piece));
            var skipped = Math.Min(skip, made.Length);
            skip -= skipped;
            made = made[skipped..];
            made = made[..Math.Min(made.Length, length - written)];
            made.CopyTo(output.AsSpan(written));
            written += made.Length;
        }
        return output;
    }

    /// <summary>Forgets what it heard.</summary>
    public void Reset()
    {
        Array.Clear(_line);
        _offset = 0;
    }

    /// <summary>Takes the next samples of the stream, at most <see cref="InputMax"/>.</summary>
    /// <param name="input">The samples.</param>
    /// <param name="output">Room for <see cref="OutputMax"/> of them.</param>
    /// <returns>Samples written.</returns>
    public int Run(ReadOnlySpan<short> input, Span<short> output)
    {
        var length = _filter.Length;
        var line = _line.AsSpan();
        for (var i = 0; i < input.Length; i++) line[length + i] = input[i];
        var count = 0;
        // Counted in steps of the input times "up".
        var end = input.Length * _up;
        for (; _offset < end; _offset += _down)
        {
            var sum = Dot(line.Slice((_offset / _up) + 1, length), _filter.Phase(_offset % _up));
            output[count++] = (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
        }
        _offset -= end;
        line.Slice(input.Length, length).CopyTo(line);
        return count;
    }

    private static void Check(int rateHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rateHz, RateHzMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rateHz, AudioCodecs.SampleRateHzMax);
    }

    private static float Dot(ReadOnlySpan<float> samples, ReadOnlySpan<float> weights)
    {
        var sum = Vector<float>.Zero;
        var left = MemoryMarshal.Cast<float, Vector<float>>(samples);
        var right = MemoryMarshal.Cast<float, Vector<float>>(weights);
        for (var i = 0; i < right.Length; i++) sum += left[i] * right[i];
        var total = Vector.Sum(sum);
        for (var i = right.Length * Vector<float>.Count; i < weights.Length; i++) total += samples[i] * weights[i];
        return total;
    }
}
