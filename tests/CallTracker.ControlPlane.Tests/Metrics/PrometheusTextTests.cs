using System.Diagnostics;
using System.Diagnostics.Metrics;
using CallTracker.Contracts.Metrics;
using Shouldly;
using Xunit;

namespace CallTracker.ControlPlane.Tests.Metrics;

/// <summary>The exposition writer: names, values, bounds, and what Prometheus' own checker says.</summary>
public sealed class PrometheusTextTests : IDisposable
{
    private readonly string _meterName = "PrometheusTextTests." + Guid.NewGuid().ToString("N");
    private readonly Meter _meter;
    private readonly PrometheusText _text;

    public PrometheusTextTests()
    {
        _meter = new Meter(_meterName);
        _text = new PrometheusText(new PrometheusOptions { MeterPrefixes = [_meterName], SeriesPerInstrumentMax = 3 });
    }

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Counter_WithAndWithoutLabels_EndsInTotal()
    {
        var counter = _meter.CreateCounter<long>("calltracker.calls", "{call}", "Calls ended.");
        counter.Add(2);
        counter.Add(3, new KeyValuePair<string, object?>("outcome", "busy"));
        counter.Add(4, new KeyValuePair<string, object?>("outcome", "busy"));

        var lines = Lines();

        lines.ShouldContain("# HELP calltracker_calls_total Calls ended.");
        lines.ShouldContain("# TYPE calltracker_calls_total counter");
        lines.ShouldContain("calltracker_calls_total 2");
        lines.ShouldContain("calltracker_calls_total{outcome=\"busy\"} 7");
    }

    [Fact]
    public void Histogram_Values_AreCumulative()
    {
        var histogram = _meter.CreateHistogram("calltracker_delay", "s", "Delay.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in (double[])[0.1, 0.5, 7]) histogram.Record(value);

        var lines = Lines();

        lines.ShouldContain("calltracker_delay_seconds_bucket{le=\"0.1\"} 1");
        lines.ShouldContain("calltracker_delay_seconds_bucket{le=\"1\"} 2");
        lines.ShouldContain("calltracker_delay_seconds_bucket{le=\"+Inf\"} 3");
        lines.ShouldContain("calltracker_delay_seconds_sum 7.6");
        lines.ShouldContain("calltracker_delay_seconds_count 3");
    }

    [Fact]
    public void ObservableGauge_SeriesNoLongerReported_IsGone()
    {
        var trunks = new List<string> { "a", "b" };
        _meter.CreateObservableGauge("calltracker_trunk_up",
            () => trunks.Select(t => new Measurement<int>(1, new KeyValuePair<string, object?>("trunk", t))));
        Lines().ShouldContain("calltracker_trunk_up{trunk=\"b\"} 1");

        trunks.Remove("b");

        Lines().ShouldNotContain(line => line.Contains("trunk=\"b\""));
    }

    [Fact]
    public void ObservableCounter_SameLabelsFromManyWorkers_AreSummedOncePerCollection()
    {
        _meter.CreateObservableCounter("calltracker_packets",
            () => new[] { new Measurement<long>(5), new Measurement<long>(6) });
        Lines().ShouldContain("calltracker_packets_total 11");
        Lines().ShouldContain("calltracker_packets_total 11");
    }

    [Fact]
    public void Labels_MoreThanAllowed_GoToOverflow()
    {
        var counter = _meter.CreateCounter<int>("calltracker_bound");
        for (var i = 0; i < 10; i++) counter.Add(1, new KeyValuePair<string, object?>("id", i));

        var lines = Lines();

        lines.Count(line => line.StartsWith("calltracker_bound_total{id=")).ShouldBe(3);
        lines.ShouldContain("calltracker_bound_total{overflow=\"true\"} 7");
    }

    [Fact]
    public void LabelValue_WithControlCharacters_IsEscaped()
    {
        var counter = _meter.CreateCounter<int>("calltracker_escape");
        counter.Add(1, new KeyValuePair<string, object?>("v", "a\"b\\c\nd\re"));
        Lines().ShouldContain("calltracker_escape_total{v=\"a\\\"b\\\\c\\nd?e\"} 1");
    }

    [Fact]
    public void Callback_ThatThrows_HidesNothingElse()
    {
        _meter.CreateObservableGauge<int>("calltracker_bad", Fail);
        _meter.CreateCounter<int>("calltracker_good").Add(1);
        var lines = Lines();
        lines.ShouldContain("calltracker_good_total 1");
        lines.ShouldContain("calltracker_metrics_callback_failures_total 1");
    }

    [Fact]
    public void Recording_KnownSeries_DoesNotAllocate()
    {
        var counter = _meter.CreateCounter<long>("calltracker_free");
        var tag = new KeyValuePair<string, object?>("outcome", "ok");
        for (var i = 0; i < 100; i++) counter.Add(1, tag);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) counter.Add(1, tag);
        var free = GC.GetAllocatedBytesForCurrentThread() - before;

        var control = GC.GetAllocatedBytesForCurrentThread();
        counter.Add(1, new KeyValuePair<string, object?>("outcome", new string('x', 3)));
        (GC.GetAllocatedBytesForCurrentThread() - control).ShouldBeGreaterThan(0);
        free.ShouldBe(0);
    }

    [Fact]
    public async Task Exposition_OfEveryKind_PassesPromtool()
    {
        using var runtime = new RuntimeMetrics();
        var options = new PrometheusOptions { MeterPrefixes = ["CallTracker.Runtime", _meterName] };
        using var text = new PrometheusText(options);
        _meter.CreateCounter<int>("calltracker.calls", null, "A.").Add(1);
        _meter.CreateUpDownCounter<int>("calltracker.active", null, "B.").Add(-1);
        _meter.CreateHistogram<double>("calltracker.wait", "s", "C.").Record(0.3);
        _meter.CreateGauge<double>("calltracker.journal", "By", "D.").Record(2.5);

        var (exitCode, output) = await Promtool.CheckAsync(text.Render());

        output.ShouldBe("");
        exitCode.ShouldBe(0);
    }

    private static int Fail() => throw new InvalidOperationException();

    private string[] Lines() => _text.Render().Split('\n');
}
