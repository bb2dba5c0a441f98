using System.Diagnostics.Metrics;
using System.Text.Json;
using CallTracker.Backends.Recording;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Metrics;

/// <summary>The recorder's instruments, observed on the backends' meter. Made once by the node.</summary>
public sealed class RecordingMetrics : IDisposable
{
    private static readonly RecordingState[] States =
        [RecordingState.Complete, RecordingState.Interrupted, RecordingState.Partial, RecordingState.Failed];

    private static readonly RecordingOrderResult[] Results = Enum.GetValues<RecordingOrderResult>();
    private readonly Meter _meter = new(BackendMetrics.MeterName);

    public RecordingMetrics(NodeRecorder recorder, RecordingOrderDesk desk)
    {
        var counters = recorder.Counters;
        Gauge("calltracker_recordings_open", () => counters.Open, "Recordings being made.");
        Gauge("calltracker_recording_ring_bytes", () => recorder.WaitingBytes, "Bytes that wait for the writer.");
        Gauge("calltracker_recording_ends_waiting", () => counters.EndsWaiting,
            "Recordings that are over and wait for room on the disk for their end.");
        Gauge("calltracker_recording_rows_waiting", () => recorder.WaitingRows, "Rows that wait for ClickHouse.");
        Counter("calltracker_recording_packets_total", () => recorder.Taps.Sum(t => t.Packets), "Packets taken.");
        Counter("calltracker_recording_packets_dropped_total", () => recorder.Taps.Sum(t => t.PacketsDropped),
            "Packets that the recorder had no room for.");
        Counter("calltracker_recording_seconds_total", () => counters.Stretches, "Seconds of sound written.");
        Counter("calltracker_recording_bytes_total", () => counters.Bytes, "Bytes written.");
        Counter("calltracker_recording_write_failures_total", () => counters.Failures, "Writes that the disk refused.");
        Counter("calltracker_recording_rows_total", () => counters.Rows, "Rows in ClickHouse.");
        Counter("calltracker_recording_rows_dropped_total", () => counters.RowsDropped,
            "Rows that found no place in memory.");
        _meter.CreateObservableCounter("calltracker_recordings_total", () => States.Select(state =>
            new Measurement<long>(counters.Closed(state),
                new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()))),
            description: "Recordings that are over, by what they came to.");
        _meter.CreateObservableCounter("calltracker_recording_orders_total", () => Results.Select(result =>
            new Measurement<long>(desk.Count(result),
                new KeyValuePair<string, object?>("result", JsonNamingPolicy.SnakeCaseLower.ConvertName($"{result}")))),
            description: "Pauses, resumptions and consents asked for, by what became of them.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, Func<double> read, string help) =>
        _meter.CreateObservableGauge(name, read, description: help);

    private void Counter(string name, Func<long> read, string help) =>
        _meter.CreateObservableCounter(name, read, description: help);
}
