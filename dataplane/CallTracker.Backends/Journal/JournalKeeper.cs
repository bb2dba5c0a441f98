using System.Diagnostics;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Journal;

/// <summary>
/// The thread behind all journals of the node: prepares segments ahead, brings entries to the disk in groups, keeps the
/// heartbeat, deletes what is shipped. Workers never wait for it; when it cannot keep up, new calls are refused.
/// </summary>
internal sealed class JournalKeeper : IDisposable
{
    private const int PrepareRetryMs = 500;
    private readonly IReadOnlyList<WorkerJournal> _journals;
    private readonly JournalOptions _options;
    private readonly JournalCounters _counters;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly long _run;
    // Without spinning: it would cost as much as what is waited for.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly List<(WorkerJournal Journal, JournalSegment Segment)> _doomed = [];
    private Thread? _thread;
    private long _beatAtMs = long.MinValue;
    private long _prepareAtMs = long.MinValue;
    private bool _isFull;

    public JournalKeeper(
        IReadOnlyList<WorkerJournal> journals, long run, JournalOptions options, JournalCounters counters, IClock clock,
        IBackendLog log)
    {
        _journals = journals;
        _run = run;
        _options = options;
        _counters = counters;
        _clock = clock;
        _log = log;
    }

    /// <summary>How long the last synchronisation of all journals took, in microseconds.</summary>
    public long SyncUs { get; private set; }

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "journal-keeper" };
        _thread.Start();
    }

    /// <summary>One round; called by the thread, by <see cref="JournalSet"/> before it starts, and by tests.</summary>
    public void Turn()
    {
        PrepareAll();
        Beat();
        ChooseDoomed();
        // What ends a call must be durable before the entry that began it may go.
        if (TrySyncAll()) DeleteDoomed();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(_options.SyncIntervalMs))
        {
            try
            {
                Turn();
            }
            catch (Exception e)
            {
                // The thread must outlive whatever the file system does; the next turn tries again.
                _log.Report(BackendEvent.JournalKeeperFailed, e.Message);
            }
        }
        TrySyncAll();
    }

    private void PrepareAll()
    {
        if (_clock.NowMs < _prepareAtMs) return;
        try
        {
            foreach (var journal in _journals) Prepare(journal);
            if (_isFull) _log.Report(BackendEvent.JournalWritable, "Segments can be prepared again.");
            _isFull = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _counters.CountPrepareFailure();
            _prepareAtMs = _clock.NowMs + PrepareRetryMs;
            if (!_isFull) _log.Report(BackendEvent.JournalFull, e.Message);
            _isFull = true;
        }
    }

    private void Prepare(WorkerJournal journal)
    {
        while (!journal.IsRetired && journal.PreparedCount < journal.WantedPrepared)
        {
            if (TotalBytes() + _options.SegmentBytes > _options.TotalBytesMax)
                throw new IOException("The journal has reached its largest size.");
            journal.AddPrepared(journal.NewSegment(_run, _clock.UnixMs));
        }
    }

    private long TotalBytes()
    {
        var count = 0L;
        foreach (var journal in _journals) count += journal.Chain.Length + journal.PreparedCount;
        return count * _options.SegmentBytes;
    }

    private void Beat()
    {
        if (_clock.NowMs < _beatAtMs) return;
        _beatAtMs = _clock.NowMs + _options.HeartbeatMs;
        foreach (var journal in _journals) journal.Current?.Beat(_clock.UnixMs);
    }

    private void ChooseDoomed()
    {
        _doomed.Clear();
        foreach (var journal in _journals)
        {
            // Oldest first and without gaps: an entry that ends a call never goes before the one that began it.
            foreach (var segment in journal.Chain)
            {
                var isDone = segment.IsSealed && segment.Number < journal.Shipped.Segment && segment.OpenCalls == 0;
                if (!isDone) break;
                _doomed.Add((journal, segment));
            }
        }
    }

    private bool TrySyncAll()
    {
        var start = Stopwatch.GetTimestamp();
        var isSound = true;
        foreach (var journal in _journals)
        {
            var isHealthy = TrySync(journal);
            if (isHealthy != journal.IsHealthy && !isHealthy)
                _log.Report(
                    BackendEvent.JournalSyncFailed, $"Worker {journal.Worker}: the disk does not take entries.");
            journal.IsHealthy = isHealthy;
            isSound &= isHealthy;
        }
        SyncUs = (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        return isSound;
    }

    private bool TrySync(WorkerJournal journal)
    {
        try
        {
            journal.Sync();
            return true;
        }
        catch (IOException)
        {
            _counters.CountSyncFailure();
            return false;
        }
    }

    private void DeleteDoomed()
    {
        foreach (var (journal, segment) in _doomed)
        {
            journal.Drop(segment);
            segment.Dispose();
            if (segment.IsBad) File.Move(segment.Path, segment.Path + ".bad", overwrite: true);
            else File.Delete(segment.Path);
        }
    }
}
