namespace CallTracker.Contracts.Metrics;

/// <summary>The Prometheus type of an instrument, as written in its TYPE line.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
