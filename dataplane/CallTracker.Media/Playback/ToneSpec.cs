namespace CallTracker.Media.Playback;

/// <summary>
/// A tone in few words: which frequencies, how loud, when on and when off. One cycle of its cadence is made, to be
/// played for ever. Immutable.
/// </summary>
public sealed record ToneSpec
{
    /// <summary>The longest cycle.</summary>
    public const int CycleMsMax = 60_000;
    private const int SampleRateHz = 8000;
    // G.711: a sine of the largest amplitude is +3.17 dBm0 in μ-law; A-law differs by 0.03 dB.
    private const double FullScaleDbm0 = 3.17;
    private const double FullScale = 32_124;

    /// <summary>Frequencies that sound together, each as loud as the others.</summary>
    public required double[] Hz { get; init; }

    /// <summary>Pairs of milliseconds, on and off, in turns; multiples of 20, so that cycles join.</summary>
    public required int[] CadenceMs { get; init; }

    /// <summary>The whole tone's level while it sounds.</summary>
    public double LevelDbm0 { get; init; } = -16;

    /// <summary>A slow wave that the loudness follows; 0 for none.</summary>
    public double ModulationHz { get; init; }

    /// <summary>How far it does, 0 to 1.</summary>
    public double ModulationDepth { get; init; }

    /// <summary>Makes one cycle.</summary>
    public PcmSound Make()
    {
        var samples = new short[CheckCycle() * SampleRateHz / 1000];
        var amplitude = Amplitude();
        var at = 0;
        for (var part = 0; part < CadenceMs.Length; part++)
        {
            var end = at + (CadenceMs[part] * SampleRateHz / 1000);
            if (part % 2 == 0) Sound(samples.AsSpan(at, end - at), amplitude);
            at = end;
        }
        return new PcmSound(samples, SampleRateHz);
    }

    private int CheckCycle()
    {
        var cycleMs = 0;
        var isGood = Hz.Length > 0;
        foreach (var ms in CadenceMs)
        {
            isGood &= ms is >= 0 and <= CycleMsMax && ms % Player.FrameMs == 0;
            cycleMs += ms;
        }
        isGood &= cycleMs is > 0 and <= CycleMsMax;
        return isGood ? cycleMs : throw new InvalidOperationException("A tone needs frequencies and a cadence.");
    }

    // Modulation adds power: the mean of (1 + d sin)² is 1 + d²/2. The powers of different frequencies add up.
    private double Amplitude()
    {
        var modulated = Math.Sqrt(1 + (ModulationDepth * ModulationDepth / 2));
        return FullScale * Math.Pow(10, (LevelDbm0 - FullScaleDbm0) / 20) / modulated / Math.Sqrt(Hz.Length);
    }

    // Each burst begins anew, at a crossing of zero.
    private void Sound(Span<short> samples, double amplitude)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var second = (double)i / SampleRateHz;
            var envelope = 1 + (ModulationDepth * Math.Sin(2 * Math.PI * ModulationHz * second));
            var sum = 0.0;
            foreach (var hz in Hz) sum += amplitude * envelope * Math.Sin(2 * Math.PI * hz * second);
            samples[i] = (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
        }
    }
}
