using System.Diagnostics;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Journal;

/// <summary>
/// The thread behind all journals of the node: prepares segments ahead, brings entries to the disk in groups, keeps the
/// heartbeat, deletes what is shipped, rings for the shipper. While nothing is written it rests, and the first entry
/// wakes it. Workers never wait for it; when it cannot keep up, new calls are refused.
/// </summary>
internal sealed class JournalKeeper : IDisposable
{
    private const int PrepareRetryMs = 500;
    private readonly IReadOnlyList<WorkerJournal> _journals;
    private readonly KeeperAlarm _alarm;
    private readonly ShippingBell _bell;
    private readonly JournalOptions _options;
    private readonly JournalCounters _counters;
    private readonly IClock _clock;
    private readonly IBackendLog _log;
    private readonly long _run;
    // Without spinning: it would cost as much as what is waited for.
    private readonly ManualResetEventSlim _stop = new(initialState: false, spinCount: 0);
    private readonly List<(WorkerJournal Journal, JournalSegment Segment)> _doomed = [];
    private readonly Func<bool> _hasWork;
    private Thread? _thread;
    // The clock is never below 0: due from the start.
    private long _beatAtMs;
    private long _prepareAtMs;
    private long _turns;
    private bool _isFull;

    public JournalKeeper(
        IReadOnlyList<WorkerJournal> journals, KeeperAlarm alarm, ShippingBell bell, long run, JournalOptions options,
        JournalCounters counters, IClock clock, IBackendLog log)
    {
        _journals = journals;
        _alarm = alarm;
        _bell = bell;
        _hasWork = HasWork;
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

    /// <summary>Rounds of the thread since its start.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>One round; called by the thread, by <see cref="JournalSet"/> before it starts, and by tests.</summary>
    public void Turn()
    {
        PrepareAll();
        Beat();
        ChooseDoomed();
        // What ends a call must be durable before the entry that began it may go.
        var ends = EndsWritten();
        if (TrySyncAll()) DeleteDoomed();
        _bell.OnSynced(ends, _clock.NowMs);
    }

    public void Dispose()
    {
        _stop.Set();
        _alarm.OnChanged();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (Pause())
        {
            try
            {
                Volatile.Write(ref _turns, _turns + 1);
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

    // An entry waits for the disk as long as others may join it; false: the thread is to end.
    private bool Pause()
    {
        var hasWork = _hasWork() || _alarm.Rest(RestMs(), _hasWork);
        return hasWork ? !_stop.Wait(_options.SyncIntervalMs) : !_stop.IsSet;
    }

    private bool HasWork()
    {
        if (_stop.IsSet) return true;
        foreach (var journal in _journals)
        {
            if (journal.HasUnsynced) return true;
        }
        return false;
    }

    /// <summary>Until the next thing that is due by itself; never shorter than a turn at work.</summary>
    internal int RestMs()
    {
        var nowMs = _clock.NowMs;
        var untilMs = Math.Min(nowMs + _options.RestMs, _bell.DueMs);
        if (HasOpenCalls()) untilMs = Math.Min(untilMs, _beatAtMs);
        if (_isFull) untilMs = Math.Min(untilMs, _prepareAtMs);
        return (int)Math.Max(untilMs - nowMs, Math.Min(_options.SyncIntervalMs, _options.RestMs));
    }

    private bool HasOpenCalls()
    {
        foreach (var journal in _journals)
        {
            if (journal.OpenCount > 0) return true;
        }
        return false;
    }

    private long EndsWritten()
    {
        var ends = 0L;
        foreach (var journal in _journals) ends += journal.EndCount;
        return ends;
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
        // Without open calls nobody asks when the node was last alive.
        if (_clock.NowMs < _beatAtMs || !HasOpenCalls()) return;
        _beatAtMs = _clock.NowMs + _options.HeartbeatMs;
        // One segment tells for all of its run; each more would be a page more to write.
        foreach (var journal in _journals)
        {
            if (journal.IsRetired || journal.Current is not { } segment) continue;
            segment.Beat(_clock.UnixMs);
            return;
        }
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
