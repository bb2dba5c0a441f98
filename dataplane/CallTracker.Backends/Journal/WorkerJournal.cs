using System.Collections.Concurrent;
using CallTracker.Calls.Model;
using CallTracker.Contracts.Calls;

namespace CallTracker.Backends.Journal;

/// <summary>
/// The journal of one worker: a chain of mapped segments. The worker appends without a system call; the keeper prepares
/// segments ahead, synchronises and deletes them; the shipper reads. Room for the end of every open call is set aside
/// before a call is accepted, so a full disk refuses new calls and never loses the end of a running one.
/// </summary>
internal sealed class WorkerJournal : ICallJournal
{
    /// <summary>
    /// Entries set aside for each open call: its answer, its end, and once being carried to a newer segment.
    /// </summary>
    public const int EntriesAhead = 3;
    /// <summary>Entries kept in memory when, against all accounting, no segment is at hand.</summary>
    public const int OverflowMax = 4096;
    private readonly JournalOptions _options;
    private readonly JournalCounters _counters;
    private readonly CallerCipher _cipher;
    private readonly KeeperAlarm _alarm;
    private readonly Dictionary<CallFacts, OpenCall> _open = [];
    private readonly Queue<OpenCall> _byAge = new();
    private readonly Stack<OpenCall> _idle = new();
    private readonly Queue<(JournalEntryKind Kind, byte[] Payload)> _overflow = new();
    private readonly ConcurrentQueue<JournalSegment> _prepared = new();
    private JournalSegment[] _chain;
    private long _shipped;
    private JournalSegment? _current;
    private int _openCount;
    private long _endCount;
    private bool _isHealthy = true;

    public WorkerJournal(
        int worker, JournalSegment[] chain, CallerCipher cipher, KeeperAlarm alarm, JournalOptions options,
        JournalCounters counters)
    {
        Worker = worker;
        _chain = chain;
        _cipher = cipher;
        _alarm = alarm;
        _options = options;
        _counters = counters;
        NextNumber = chain.Length == 0 ? 1 : chain[^1].Number + 1;
    }

    public int Worker { get; }

    /// <summary>Number of the segment to prepare next; the keeper's.</summary>
    public int NextNumber { get; set; }

    /// <summary>True for the journal of a worker that this run does not have: it is only shipped and deleted.</summary>
    public bool IsRetired { get; init; }

    /// <summary>
    /// Everything before it is shipped and checkpointed; set by the shipper, read by keeper and metrics.
    /// </summary>
    public JournalPosition Shipped
    {
        get
        {
            var packed = Volatile.Read(ref _shipped);
            return new JournalPosition((int)(packed >> 32), (int)packed);
        }
        set => Volatile.Write(ref _shipped, ((long)value.Segment << 32) | (uint)value.Offset);
    }

    /// <summary>All segments in use, oldest first, the one being written last; a snapshot for any thread.</summary>
    public JournalSegment[] Chain => Volatile.Read(ref _chain);

    public JournalSegment? Current => Volatile.Read(ref _current);

    public int OpenCount => Volatile.Read(ref _openCount);

    /// <summary>Ends of calls written since the start; any thread.</summary>
    public long EndCount => Volatile.Read(ref _endCount);

    /// <summary>True while something waits for the disk; any thread.</summary>
    public bool HasUnsynced => Array.Exists(Chain, static segment => !segment.IsSynced);

    public int PreparedCount => _prepared.Count;

    /// <inheritdoc/>
    public bool IsWritable => Volatile.Read(ref _isHealthy) && _overflow.Count == 0 && FreeEntries() > EntriesAhead;

    /// <summary>Set by the keeper: false while the disk refuses to synchronise.</summary>
    public bool IsHealthy
    {
        get => Volatile.Read(ref _isHealthy);
        set => Volatile.Write(ref _isHealthy, value);
    }

    /// <summary>
    /// Segments the keeper should hold ready: the reserve of all open calls and one more, then half as much again.
    /// </summary>
    public int WantedPrepared => 1 + ((OpenCount * EntriesAhead * 3 / 2) / EntriesPerSegment);

    private int EntriesPerSegment =>
        (_options.SegmentBytes - SegmentLayout.HeaderLength) / SegmentLayout.EntryLengthMax;

    /// <inheritdoc/>
    public void Started(CallFacts facts)
    {
        var number = facts.Caller.IsEmpty ? "" : facts.Caller.ToString();
        var call = _idle.TryPop(out var idle) ? idle : new OpenCall();
        (call.Facts, call.SealedCaller, call.CallerKey) = (facts, _cipher.Seal(number), _cipher.Key(number));
        _open[facts] = call;
        _byAge.Enqueue(call);
        Volatile.Write(ref _openCount, _open.Count);
        Append(JournalEntryKind.Start, call, facts);
        CarryOldest();
    }

    /// <inheritdoc/>
    public void Answered(CallFacts facts)
    {
        if (_open.TryGetValue(facts, out var call)) Append(JournalEntryKind.Answer, call, facts);
    }

    /// <inheritdoc/>
    public void Ended(CallFacts facts)
    {
        // :: Step 11
        if (!_open.Remove(facts, out var call)) return;
        Append(JournalEntryKind.End, call, facts);
        call.Segment?.CallLeft();
        // The object stays in the age queue and returns to the pool when it comes to the front.
        (call.Facts, call.Segment, call.SealedCaller) = (null, null, "");
        Volatile.Write(ref _openCount, _open.Count);
        CarryOldest();
    }

    /// <summary>Appends a payload made elsewhere; recovery uses it before the worker exists.</summary>
    public bool TryAppendRaw(JournalEntryKind kind, ReadOnlySpan<byte> payload)
    {
        if (!TryRoll()) return false;
        var segment = _current!;
        payload.CopyTo(segment.PayloadRoom());
        Commit(segment, kind, payload.Length);
        return true;
    }

    /// <summary>
    /// Makes the next segment of this worker; throws <see cref="IOException"/> when the disk has no room.
    /// </summary>
    public JournalSegment NewSegment(long run, long nowMs)
    {
        var length = _options.SegmentBytes;
        var segment = JournalSegment.Create(_options.Directory, Worker, NextNumber, run, length, nowMs);
        NextNumber++;
        return segment;
    }

    /// <summary>Waits until every entry appended so far is on the disk; keeper or shipper.</summary>
    public void Sync()
    {
        foreach (var segment in Chain)
        {
            if (segment.IsSynced) continue;
            segment.Sync();
            _counters.CountSync();
        }
    }

    public void AddPrepared(JournalSegment segment) => _prepared.Enqueue(segment);

    /// <summary>Takes a segment out of the chain; the keeper's.</summary>
    public void Drop(JournalSegment segment) => Swap(chain => Array.FindAll(chain, s => s != segment));

    /// <summary>Frees what no chain holds; after the worker and the keeper have ended.</summary>
    public void Dispose()
    {
        foreach (var segment in _chain) segment.Dispose();
        while (_prepared.TryDequeue(out var segment))
        {
            segment.Dispose();
            File.Delete(segment.Path);
        }
        _cipher.Dispose();
    }

    private void Append(JournalEntryKind kind, OpenCall call, CallFacts facts)
    {
        if (!TryRoll() || !TryWriteOverflow())
        {
            Keep(kind, call, facts);
            return;
        }
        var segment = _current!;
        var length = CallFactsWriter.Write(facts, call.SealedCaller, call.CallerKey, segment.PayloadRoom());
        Commit(segment, kind, length);
        if (kind != JournalEntryKind.Start || call.Segment is not null) return;
        call.Segment = segment;
        segment.CallOpened();
    }

    private void Commit(JournalSegment segment, JournalEntryKind kind, int length)
    {
        segment.Commit(kind, length);
        _counters.CountEntry();
        if (kind == JournalEntryKind.End) Volatile.Write(ref _endCount, _endCount + 1);
        _alarm.OnChanged();
    }

    // Makes sure that the current segment has room for one entry.
    private bool TryRoll()
    {
        return _current is { HasRoom: true } || TryTakePrepared();
    }

    // Apart, because its closure would otherwise be made for each entry.
    private bool TryTakePrepared()
    {
        if (!_prepared.TryDequeue(out var next)) return false;
        _current?.Seal();
        Swap(chain => [.. chain, next]);
        Volatile.Write(ref _current, next);
        return true;
    }

    // A call that outlives several segments is written again in the newest, so that the old ones can be deleted.
    private void CarryOldest()
    {
        for (var i = 0; i < 2 && _byAge.TryPeek(out var oldest); i++)
        {
            if (oldest.Facts is { } facts)
            {
                if (!IsDue(oldest) || FreeEntries() <= EntriesAhead) return;
                Carry(oldest, facts);
                _byAge.Enqueue(_byAge.Dequeue());
            }
            else
            {
                _idle.Push(_byAge.Dequeue());
            }
        }
    }

    private bool IsDue(OpenCall call) =>
        call.Segment is not null && _current!.Number - call.Segment.Number >= _options.CarryAfterSegments;

    private void Carry(OpenCall call, CallFacts facts)
    {
        var left = call.Segment!;
        Append(facts.TstUnixMs != 0 ? JournalEntryKind.Answer : JournalEntryKind.Start, call, facts);
        call.Segment = _current!;
        _current!.CallOpened();
        left.CallLeft();
    }

    // Entries that surely fit, less what the open calls have set aside.
    private int FreeEntries()
    {
        var current = _current is null ? 0 : (_current.Length - _current.Written) / SegmentLayout.EntryLengthMax;
        return current + (_prepared.Count * EntriesPerSegment) - (_open.Count * EntriesAhead);
    }

    // Only a caller that ignores IsWritable comes here. The entry waits in memory for the next segment.
    private void Keep(JournalEntryKind kind, OpenCall call, CallFacts facts)
    {
        if (_overflow.Count >= OverflowMax)
        {
            _counters.CountLost();
            return;
        }
        var payload = new byte[SegmentLayout.PayloadLengthMax];
        var length = CallFactsWriter.Write(facts, call.SealedCaller, call.CallerKey, payload);
        _overflow.Enqueue((kind, payload[..length]));
    }

    private bool TryWriteOverflow()
    {
        while (_overflow.TryPeek(out var kept))
        {
            if (!TryAppendRaw(kept.Kind, kept.Payload)) return false;
            _overflow.Dequeue();
        }
        return TryRoll();
    }

    // The worker adds and the keeper removes, each once per segment: the loser of a race tries again.
    private void Swap(Func<JournalSegment[], JournalSegment[]> change)
    {
        JournalSegment[] seen;
        do seen = Volatile.Read(ref _chain);
        while (Interlocked.CompareExchange(ref _chain, change(seen), seen) != seen);
    }
}
