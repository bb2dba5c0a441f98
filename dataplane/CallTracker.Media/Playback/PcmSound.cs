namespace CallTracker.Media.Playback;

/// <summary>Sound as it is before it is coded: one channel of 16-bit linear samples. Immutable by agreement.</summary>
/// <param name="Samples">The samples.</param>
/// <param name="RateHz">Samples per second.</param>
public sealed record PcmSound(short[] Samples, int RateHz)
{
    /// <summary>Its length in milliseconds, rounded up.</summary>
    public long DurationMs => ((Samples.LongLength * 1000) + RateHz - 1) / RateHz;
}
