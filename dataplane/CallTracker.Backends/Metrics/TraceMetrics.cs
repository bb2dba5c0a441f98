using System.Diagnostics.Metrics;
using CallTracker.Backends.Tracing;

namespace CallTracker.Backends.Metrics;

/// <summary>The trace's instruments, observed on the backends' meter. Made once by the node.</summary>
public sealed class TraceMetrics : IDisposable
{
    private readonly Meter _meter = new(BackendMetrics.MeterName);

    public TraceMetrics(SipTrace trace)
    {
        var counters = trace.Counters;
        Counter("calltracker_trace_messages_total", () => trace.Rings.Sum(r => r.Messages), "Messages noted.");
        Counter("calltracker_trace_bytes_total", () => trace.Rings.Sum(r => r.Published), "Bytes written to rings.");
        Counter("calltracker_trace_overwritten_bytes_total", () => trace.Rings.Sum(r => r.Overwritten),
            "Bytes that newer messages took the place of.");
        Counter("calltracker_trace_unread_bytes_total", () => counters.UnreadBytes, "Bytes overwritten unread.");
        Counter("calltracker_trace_shipped_total", () => counters.Shipped, "Messages of kept calls in ClickHouse.");
        Counter("calltracker_trace_lost_total", () => counters.Lost, "Messages of kept calls that were dropped.");
        Counter("calltracker_trace_missing_total", () => counters.Missing, "Messages overwritten before being kept.");
        Counter("calltracker_trace_skipped_calls_total", () => counters.Skipped, "Calls not kept: too many at once.");
        Counter("calltracker_hep_sent_total", () => counters.HepSent, "Messages mirrored by HEP.");
        Counter("calltracker_hep_failed_total", () => counters.HepFailed, "Messages that could not be mirrored.");
        Gauge("calltracker_trace_queued_bytes", () => trace.QueuedBytes, "Bytes that wait for ClickHouse.");
        Gauge("calltracker_trace_requests", () => trace.RequestCount, "Orders to keep calls that are known.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, Func<double> read, string help) =>
        _meter.CreateObservableGauge(name, read, description: help);

    private void Counter(string name, Func<long> read, string help) =>
        _meter.CreateObservableCounter(name, read, description: help);
}
