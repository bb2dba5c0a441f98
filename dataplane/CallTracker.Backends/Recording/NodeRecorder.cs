using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Recordings;
using CallTracker.Core.Time;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Recording behind a node's workers: the writer's thread and the catalogue's task. The node makes it, starts it with
/// the workers and stops it after them.
/// </summary>
public sealed class NodeRecorder : IAsyncDisposable
{
    private readonly RecordingWriter _writer;
    private readonly RecordingCatalogue _catalogue;
    private readonly RecordingRecovery _recovery;
    private bool _isStopped;

    /// <param name="settings">What can be set.</param>
    /// <param name="taps">One of each worker, with their rings.</param>
    /// <param name="clickHouse">Where rows go.</param>
    /// <param name="keyPath">The installation's key file; made when missing.</param>
    /// <param name="clock">The workers' clock.</param>
    /// <param name="log">Where faults are told.</param>
    public NodeRecorder(
        RecordingSettings settings, IReadOnlyList<RecordingTap> taps, ClickHouseClient clickHouse, string keyPath,
        IClock clock, IBackendLog log)
    {
        Taps = taps;
        var keys = RecordingKeys.OpenOrCreate(keyPath);
        var folder = new RecordingFolder(settings.Folder);
        var store = new LocalRecordingStore(folder, settings.FreeBytesMin);
        _recovery = new RecordingRecovery(folder, keys, log);
        _catalogue = new RecordingCatalogue(clickHouse, store, settings, clock, Counters, log);
        var parts = new RecordingParts
        {
            NodeId = settings.NodeId,
            Keys = keys,
            Store = store,
            Counters = Counters,
            Closed = _catalogue.Add,
        };
        _writer = new RecordingWriter(taps, parts, settings, clock, log);
    }

    internal RecordingCounters Counters { get; } = new();
    internal IReadOnlyList<RecordingTap> Taps { get; }
    internal long WaitingBytes => _writer.Waiting;
    internal int WaitingRows => _catalogue.WaitingCount;

    /// <summary>Closes what an earlier run left, and starts.</summary>
    public void Start()
    {
        foreach (var left in _recovery.Run()) _catalogue.Add(left);
        _catalogue.Start();
        _writer.Start();
    }

    /// <summary>Ends all recordings and files them, at the latest after <paramref name="msMax"/>.</summary>
    public async Task StopAsync(int msMax)
    {
        if (_isStopped) return;
        _isStopped = true;
        _writer.Dispose();
        await _catalogue.StopAsync(msMax);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(0);
        await _catalogue.DisposeAsync();
    }
}
