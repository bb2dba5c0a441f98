using CallTracker.Backends.Shipping;
using CallTracker.Calls.Model;
using CallTracker.Contracts.Calls;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Journal;

/// <summary>
/// All journals of a node: opened (and recovered) once at start, one per worker, with the keeper thread behind them.
/// The node owns it; it is disposed after workers and shipper have ended.
/// </summary>
public sealed class JournalSet : IDisposable
{
    private readonly FileStream _lock;
    private readonly List<WorkerJournal> _journals = [];
    private readonly KeeperAlarm _alarm = new();
    private readonly JournalKeeper _keeper;

    private JournalSet(FileStream lockFile, JournalOptions options, IClock clock, IBackendLog log)
    {
        _lock = lockFile;
        Options = options;
        Clock = clock;
        Ballast = new DiskBallast(options.Directory);
        Log = log;
        Run = Random.Shared.NextInt64(1, long.MaxValue);
        _keeper = new JournalKeeper(_journals, _alarm, Bell, Run, options, Counters, clock, log);
    }

    public JournalOptions Options { get; }
    internal IClock Clock { get; }
    internal IBackendLog Log { get; }
    internal JournalCounters Counters { get; } = new();
    internal IReadOnlyList<WorkerJournal> Journals => _journals;
    internal long Run { get; }
    internal DiskBallast Ballast { get; }
    /// <summary>Rings when ended calls are to be shipped.</summary>
    internal ShippingBell Bell { get; } = new();
    internal JournalKeeper Keeper => _keeper;

    internal int OpenCallCount => _journals.Sum(j => j.OpenCount);
    internal int SegmentCount => _journals.Sum(j => j.Chain.Length + j.PreparedCount);
    public bool AreAllWritable => _journals.TrueForAll(j => j.IsRetired || j.IsWritable);

    /// <summary>
    /// Opens the directory, closes the calls that an earlier run left open and makes every worker's journal writable.
    /// Throws <see cref="IOException"/> when another process uses the directory or the disk gives nothing.
    /// </summary>
    /// <param name="cipher">Makes one cipher for each worker: a cipher serves one thread.</param>
    public static JournalSet Open(
        JournalOptions options, int workerCount, Func<CallerCipher> cipher, IClock clock, IBackendLog log)
    {
        Directory.CreateDirectory(options.Directory);
        var set = new JournalSet(TakeLock(options.Directory), options, clock, log);
        try
        {
            var scan = new JournalScan(set.Counters, log);
            scan.Read(options.Directory);
            set.MakeJournals(scan, workerCount, cipher);
            set.CloseOpenCalls(scan);
            set._keeper.Turn();
            set.Ballast.TryTake();
            set._keeper.Start();
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>The journal of one worker; called by that worker only.</summary>
    public ICallJournal ForWorker(int worker) => _journals.Find(j => j.Worker == worker && !j.IsRetired)
        ?? throw new ArgumentOutOfRangeException(nameof(worker), "There is no such worker.");

    internal double BacklogBytes()
    {
        var bytes = 0L;
        foreach (var journal in _journals)
        {
            var shipped = journal.Shipped;
            foreach (var segment in journal.Chain)
            {
                if (segment.Number < shipped.Segment) continue;
                var from = segment.Number == shipped.Segment ? shipped.Offset : SegmentLayout.HeaderLength;
                bytes += Math.Max(0, segment.Written - from);
            }
        }
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keeper.Dispose();
        foreach (var journal in _journals) journal.Dispose();
        _alarm.Dispose();
        Bell.Dispose();
        _lock.Dispose();
    }

    private static FileStream TakeLock(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The journal directory {directory} is in use by another process.", e);
        }
    }

    // Chains of workers that this run does not have are still shipped, and then deleted.
    private void MakeJournals(JournalScan scan, int workerCount, Func<CallerCipher> cipher)
    {
        var checkpoint = ShippingCheckpoint.Read(Options.Directory, Log);
        var workers = new SortedSet<int>(scan.Chains.Keys);
        for (var worker = 0; worker < workerCount; worker++) workers.Add(worker);
        foreach (var worker in workers)
        {
            var chain = scan.Chains.TryGetValue(worker, out var found) ? found.ToArray() : [];
            var isRetired = worker >= workerCount;
            var journal = new WorkerJournal(worker, chain, cipher(), _alarm, Options, Counters)
            {
                IsRetired = isRetired,
            };
            journal.Shipped = checkpoint.PositionOf(worker);
            // A new segment must never bear a number that the checkpoint calls shipped.
            journal.NextNumber = Math.Max(journal.NextNumber, journal.Shipped.Segment + 1);
            _journals.Add(journal);
        }
    }

    private void CloseOpenCalls(JournalScan scan)
    {
        var count = 0;
        foreach (var journal in _journals)
        {
            if (!scan.OpenCalls.TryGetValue(journal.Worker, out var open)) continue;
            foreach (var call in open.Values)
            {
                Close(journal, RecoveredEnd.From(call.Payload, scan.EndOf(call, Clock.UnixMs)));
                count++;
            }
            if (journal.IsRetired) journal.Current?.Seal();
            journal.Sync();
        }
        if (count > 0) Log.Report(BackendEvent.JournalRecovered, $"{count} calls of an earlier run were closed.");
    }

    private void Close(WorkerJournal journal, byte[] payload)
    {
        if (!journal.TryAppendRaw(JournalEntryKind.End, payload))
        {
            journal.AddPrepared(journal.NewSegment(Run, Clock.UnixMs));
            journal.TryAppendRaw(JournalEntryKind.End, payload);
        }
        Counters.CountRecovered();
    }
}
