using CallTracker.Backends;
using CallTracker.Backends.Metrics;
using CallTracker.Backends.Recording;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Core.Time;
using CallTracker.Node.Options;
using CallTracker.Node.Workers;

namespace CallTracker.Node.Hosting;

/// <summary>The node's recorder with its metrics. Owned by the host.</summary>
internal sealed class NodeRecording : IAsyncDisposable
{
    // Rows that cannot be filed by then are found in their files at the next start.
    private const int FileMsMax = 3000;
    private readonly NodeRecorder _recorder;
    private readonly RecordingMetrics _metrics;

    private NodeRecording(NodeRecorder recorder)
    {
        _recorder = recorder;
        _metrics = new RecordingMetrics(recorder);
    }

    public static NodeRecording Start(
        NodeOptions options, string keyPath, IReadOnlyList<Worker> workers, ClickHouseClient clickHouse, IClock clock,
        IBackendLog log)
    {
        var folder = options.Recording.Folder ?? Path.Combine(options.RunDirectory, "recordings");
        var settings = options.Recording.Settings with { Folder = folder };
        var taps = workers.Select(worker => worker.Media.Recording).ToArray();
        var recorder = new NodeRecorder(settings, taps, clickHouse, keyPath, clock, log);
        recorder.Start();
        return new NodeRecording(recorder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _recorder.StopAsync(FileMsMax);
        _metrics.Dispose();
        await _recorder.DisposeAsync();
    }
}
