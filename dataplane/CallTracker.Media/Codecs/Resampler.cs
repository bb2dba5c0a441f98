using System.Numerics;
using System.Runtime.InteropServices;

namespace CallTracker.Media.Codecs;

/// <summary>
/// Brings one stream of samples from a rate to a multiple or a part of it (8, 16 and 48 kHz; factors 2, 3 and 6), with
/// a windowed sinc in phases. Delays by <see cref="DelayUs"/>. Holds the last samples between calls; one thread uses
/// it.
/// </summary>
public sealed class Resampler
{
    private readonly ResamplerFilter _filter;
    private readonly int _up;
    private readonly int _down;
    // The last samples of what was before, then what comes in.
    private readonly float[] _line;
    private int _offset;

    /// <param name="fromHz">8000, 16000 or 48000.</param>
    /// <param name="toHz">Likewise, and not the same.</param>
    public Resampler(int fromHz, int toHz)
    {
        (FromHz, ToHz) = (fromHz, toHz);
        var isUp = toHz > fromHz;
        var factor = isUp ? toHz / fromHz : fromHz / toHz;
        if (factor is not (2 or 3 or 6) || (isUp ? fromHz * factor != toHz : toHz * factor != fromHz))
            throw new ArgumentOutOfRangeException(nameof(toHz), toHz, $"Not from {fromHz} Hz.");
        (_up, _down) = isUp ? (factor, 1) : (1, factor);
        _filter = ResamplerFilter.Of(factor, isUp);
        InputMax = AudioCodecs.PacketMsMax * fromHz / 1000;
        _line = new float[_filter.Length + InputMax];
    }

    /// <summary>Most samples taken at a time: 120 ms.</summary>
    public int InputMax { get; }

    public int FromHz { get; }

    public int ToHz { get; }

    /// <summary>How much later the output is than the input, in microseconds.</summary>
    public int DelayUs => _filter.DelayUs(Math.Max(FromHz, ToHz));

    /// <summary>The most samples that so many become.</summary>
    public int OutputMax(int samples) => ((samples * _up) + _down - 1) / _down;

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
        // Counted in steps of the output before every second, third or sixth is left out.
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
