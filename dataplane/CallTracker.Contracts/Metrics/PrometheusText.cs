using System.Diagnostics.Metrics;
using System.Text;

namespace CallTracker.Contracts.Metrics;

/// <summary>
/// Collects System.Diagnostics.Metrics instruments and writes them in the Prometheus text format 0.0.4. One per
/// process, made before the instruments are used; recording happens on any thread and does not allocate for a known
/// label set, <see cref="Render"/> is called by whoever answers <c>/metrics</c>.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    /// <summary>The media type of what <see cref="Render"/> returns.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly PrometheusOptions _options;
    private readonly MeterListener _listener = new();
    private long _generation;
    private long _callbackFailures;

    /// <summary>Starts collecting; instruments made earlier are found too.</summary>
    public PrometheusText(PrometheusOptions? options = null)
    {
        _options = options ?? new PrometheusOptions();
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    /// <summary>Asks the observable instruments and returns the exposition, families in order of name.</summary>
    public string Render()
    {
        lock (_gate)
        {
            _generation++;
            Observe();
            var text = new StringBuilder(16 * 1024);
            foreach (var family in _families.Values) family.Write(text, _generation);
            AppendCallbackFailures(text);
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (state is MetricFamily family) family.Record(value, tags, _generation);
    }

    // One failing callback must not hide the other metrics; it is counted instead.
    private void Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException failures)
        {
            _callbackFailures += failures.InnerExceptions.Count;
        }
    }

    private void AppendCallbackFailures(StringBuilder text)
    {
        const string Name = "calltracker_metrics_callback_failures_total";
        text.Append("# HELP ").Append(Name).Append(" Observations that failed while metrics were collected.\n");
        text.Append("# TYPE ").Append(Name).Append(" counter\n").Append(Name).Append(' ').Append(_callbackFailures)
            .Append('\n');
    }

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (!IsWanted(instrument.Meter.Name)) return;
        var kind = KindOf(instrument);
        if (kind is null) return;
        lock (_gate)
        {
            if (_families.Count >= _options.InstrumentsMax) return;
            var isSetting = IsGeneric(instrument, typeof(Gauge<>));
            var family = new MetricFamily(instrument, kind.Value, Bounds(instrument), _options.SeriesPerInstrumentMax)
            {
                IsSetting = isSetting,
            };
            // Two instruments of one name (a meter made anew) share one family: a name may appear once only.
            if (!_families.TryAdd(family.Name, family)) family = _families[family.Name];
            listener.EnableMeasurementEvents(instrument, family);
        }
    }

    private bool IsWanted(string meter)
    {
        foreach (var prefix in _options.MeterPrefixes)
        {
            if (meter.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } given } => [.. given],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } given } => Array.ConvertAll([.. given], v => (double)v),
        Histogram<int> { Advice.HistogramBucketBoundaries: { } given } => Array.ConvertAll([.. given], v => (double)v),
        _ => [.. _options.DefaultBuckets],
    };

    private static MetricKind? KindOf(Instrument instrument)
    {
        if (IsGeneric(instrument, typeof(Counter<>)) || IsGeneric(instrument, typeof(ObservableCounter<>)))
        {
            return MetricKind.Counter;
        }
        if (IsGeneric(instrument, typeof(Histogram<>))) return MetricKind.Histogram;
        var isGauge = IsGeneric(instrument, typeof(Gauge<>)) || IsGeneric(instrument, typeof(ObservableGauge<>))
            || IsGeneric(instrument, typeof(UpDownCounter<>)) || IsGeneric(instrument,
                typeof(ObservableUpDownCounter<>));
        return isGauge ? MetricKind.Gauge : null;
    }

    private static bool IsGeneric(Instrument instrument, Type definition) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == definition;
}
