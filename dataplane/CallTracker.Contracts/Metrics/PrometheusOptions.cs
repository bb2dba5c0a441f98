namespace CallTracker.Contracts.Metrics;

/// <summary>
/// What a <see cref="PrometheusText"/> collects and how much it may hold. Immutable, given once at start.
/// </summary>
public sealed record PrometheusOptions
{
    /// <summary>Meters collected; every name that begins with one of these.</summary>
    public IReadOnlyList<string> MeterPrefixes { get; init; } = ["CallTracker"];
    /// <summary>
    /// Label sets one instrument may have. Later ones are summed up under the label <c>overflow="true"</c>, so that no
    /// sender can make the process grow by inventing label values.
    /// </summary>
    public int SeriesPerInstrumentMax { get; init; } = 500;
    /// <summary>Instruments in all; further ones are not collected.</summary>
    public int InstrumentsMax { get; init; } = 1000;
    /// <summary>Upper bounds of histograms that give no advice of their own (seconds).</summary>
    public IReadOnlyList<double> DefaultBuckets { get; init; } =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
}
