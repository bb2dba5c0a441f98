using CallTracker.Backends;
using CallTracker.Backends.Metrics;
using CallTracker.Backends.Recording;
using CallTracker.Backends.Redis;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.Core.Time;
using CallTracker.Node.Options;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>
/// The node's recorder, the desk that takes orders for it, the uploader, and their metrics. Owned by the host.
/// </summary>
internal sealed class NodeRecording : IAsyncDisposable
{
    // Rows that cannot be filed by then are found in their files at the next start.
    private const int FileMsMax = 3000;
    private readonly NodeRecorder _recorder;
    private readonly RecordingOrderDesk _desk;
    private readonly RecordingUploader? _uploader;
    private readonly RecordingMetrics _metrics;
    private readonly UploadMetrics? _uploadMetrics;

    private NodeRecording(NodeRecorder recorder, RecordingOrderDesk desk, RecordingUploader? uploader)
    {
        (_recorder, _desk, _uploader) = (recorder, desk, uploader);
        _metrics = new RecordingMetrics(recorder, desk);
        _uploadMetrics = uploader is null ? null : new UploadMetrics(uploader);
    }

    public static NodeRecording Start(
        NodeOptions options, string keyPath, Worker[] workers, uint nodeStart, ClickHouseClient clickHouse,
        RedisConnection redis, IClock clock, IBackendLog log)
    {
        var folder = options.Recording.Folder ?? Path.Combine(options.RunDirectory, "recordings");
        var settings = options.Recording.Settings with { Folder = folder };
        var taps = workers.Select(worker => worker.Media.Recording).ToArray();
        var recorder = new NodeRecorder(settings, taps, clickHouse, keyPath, clock, log);
        recorder.Start();
        var desk = new RecordingOrderDesk(
            redis, (trnId, wish, ct) => RecordingOrder.GiveAsync(workers, nodeStart, trnId, wish, ct), log);
        desk.Start();
        var uploader = options.Recording.Bucket is { } bucket
            ? new RecordingUploader(new RecordingFolder(folder), new RecordingBucket(bucket), clock, log)
            : null;
        uploader?.Start();
        return new NodeRecording(recorder, desk, uploader);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _desk.DisposeAsync();
        await _recorder.StopAsync(FileMsMax);
        if (_uploader is not null) await _uploader.DisposeAsync();
        _uploadMetrics?.Dispose();
        _metrics.Dispose();
        await _recorder.DisposeAsync();
    }
}
