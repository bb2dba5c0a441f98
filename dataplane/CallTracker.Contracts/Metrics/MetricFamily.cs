using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace CallTracker.Contracts.Metrics;

/// <summary>
/// One instrument with all its series. Owned by <see cref="PrometheusText"/>; recorded to from any thread.
/// A known series is found without allocating, so that counters may be raised on the path of a call.
/// </summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<LabelSet, MetricSeries> _series = new(LabelSetComparer.Instance);
    private readonly ConcurrentDictionary<LabelSet, MetricSeries>
        .AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly MetricSeries _plain;
    private readonly MetricSeries _overflow;
    private readonly double[] _bounds;
    private readonly int _seriesMax;
    private readonly string _help;
    private int _seriesCount;
    private volatile bool _plainUsed;
    private volatile bool _overflowUsed;

    public MetricFamily(Instrument instrument, MetricKind kind, double[] bounds, int seriesMax)
    {
        Name = MetricName.Of(instrument, kind);
        Kind = kind;
        IsObservable = instrument.IsObservable;
        _help = Help(instrument);
        _bounds = kind == MetricKind.Histogram ? bounds : [];
        _seriesMax = seriesMax;
        _plain = NewSeries(LabelSet.None);
        _overflow = NewSeries(LabelSet.Overflow);
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public MetricKind Kind { get; }

    public bool IsObservable { get; }

    /// <summary>True for Gauge&lt;T&gt;: the last value stands; counters and up-down counters add.</summary>
    public bool IsSetting { get; init; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long generation)
    {
        var series = Find(tags);
        if (Kind == MetricKind.Histogram) RecordHistogram(series, value);
        else if (IsObservable) series.Observe(value, generation);
        else if (IsSetting) series.Set(value);
        else series.Add(value);
    }

    public void Write(StringBuilder text, long generation)
    {
        var header = text.Length;
        text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(TypeWord()).Append('\n');
        var body = text.Length;
        if (_plainUsed) Write(text, _plain, generation);
        foreach (var series in _series.Values) Write(text, series, generation);
        if (_overflowUsed) Write(text, _overflow, generation);
        if (text.Length == body) text.Length = header;
    }

    private void Write(StringBuilder text, MetricSeries series, long generation)
    {
        // A series that an observable instrument no longer reports is gone, not frozen.
        if (IsObservable && series.Generation != generation) return;
        if (Kind == MetricKind.Histogram) WriteHistogram(text, series);
        else WriteSample(text, "", series.Labels.Text, series.Value);
    }

    private void WriteHistogram(StringBuilder text, MetricSeries series)
    {
        var labels = series.Labels.Text.Length == 0 ? "" : series.Labels.Text + ",";
        long sum = 0;
        for (var i = 0; i <= _bounds.Length; i++)
        {
            sum += series.BucketCount(i);
            var bound = i == _bounds.Length ? "+Inf" : _bounds[i].ToString(CultureInfo.InvariantCulture);
            WriteSample(text, "_bucket", labels + "le=\"" + bound + "\"", sum);
        }
        WriteSample(text, "_sum", series.Labels.Text, series.Value);
        WriteSample(text, "_count", series.Labels.Text, sum);
    }

    private void WriteSample(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(Name).Append(suffix);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            _plainUsed = true;
            return _plain;
        }
        return _lookup.TryGetValue(tags, out var known) ? known : Admit(tags);
    }

    private MetricSeries Admit(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Interlocked.Increment(ref _seriesCount) > _seriesMax)
        {
            Interlocked.Decrement(ref _seriesCount);
            _overflowUsed = true;
            return _overflow;
        }
        var fresh = NewSeries(new LabelSet(tags));
        var kept = _series.GetOrAdd(fresh.Labels, fresh);
        if (!ReferenceEquals(kept, fresh)) Interlocked.Decrement(ref _seriesCount);
        return kept;
    }

    private void RecordHistogram(MetricSeries series, double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket]) bucket++;
        series.Count(bucket);
        series.Add(value);
    }

    private MetricSeries NewSeries(LabelSet labels) => new(labels, Kind == MetricKind.Histogram
        ? _bounds.Length + 1 : 0);

    private string TypeWord() => Kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    // promtool wants a help text for every metric; an instrument without one is named by itself.
    private static string Help(Instrument instrument)
    {
        var help = string.IsNullOrWhiteSpace(instrument.Description) ? instrument.Name : instrument.Description;
        return help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
