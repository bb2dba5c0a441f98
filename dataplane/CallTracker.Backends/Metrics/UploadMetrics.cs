using System.Diagnostics.Metrics;
using CallTracker.Backends.Recording;

namespace CallTracker.Backends.Metrics;

/// <summary>The uploader's instruments, observed on the backends' meter. Made once by the node.</summary>
public sealed class UploadMetrics : IDisposable
{
    private readonly Meter _meter = new(BackendMetrics.MeterName);

    public UploadMetrics(RecordingUploader uploader)
    {
        _meter.CreateObservableGauge("calltracker_recording_uploads_waiting", () => uploader.Waiting,
            description: "Recordings that are not in the store yet.");
        _meter.CreateObservableCounter("calltracker_recording_uploads_total", () => uploader.Stored,
            description: "Recordings brought to the store.");
        _meter.CreateObservableCounter("calltracker_recording_upload_bytes_total", () => uploader.Bytes,
            description: "Bytes of those.");
        _meter.CreateObservableCounter("calltracker_recording_upload_failures_total", () => uploader.Failures,
            description: "Tries to bring a recording to the store that failed.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
