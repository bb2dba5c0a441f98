namespace CallTracker.Backends.Journal;

/// <summary>
/// The shipper's view of one worker's journal: hands out the ends of calls in the order of writing. Only what is on the
/// disk: after a power cut the journal must not know less than ClickHouse, or a call would be closed a second time.
/// </summary>
internal sealed class JournalReader
{
    private readonly WorkerJournal _journal;
    private readonly JournalCounters _counters;
    private readonly long _run;

    public JournalReader(WorkerJournal journal, JournalPosition start, long run, JournalCounters counters)
    {
        _journal = journal;
        _run = run;
        _counters = counters;
        Position = start;
    }

    public WorkerJournal Journal => _journal;

    /// <summary>Where the next entry is looked for; everything before was handed out or skipped.</summary>
    public JournalPosition Position { get; private set; }

    /// <summary>The next ended call, or null when there is none yet.</summary>
    /// <param name="isOld">True when an earlier run wrote it: it may have been sent already.</param>
    public JournalledCall? TryTakeEnd(out bool isOld)
    {
        isOld = false;
        while (FindSegment() is { } segment)
        {
            isOld = segment.Run != _run;
            // The order matters: what is read after the seal was seen is final.
            var wasSealed = segment.IsSealed;
            if (Position.Offset >= segment.Synced && Position.Offset < segment.Written) return null;
            var status = segment.Read(Position.Offset, out var kind, out var payload);
            if (status == EntryStatus.Entry)
            {
                Position = Position with { Offset = Position.Offset + SegmentLayout.LengthOf(payload.Length) };
                var call = kind == JournalEntryKind.End ? JournalledCall.TryRead(kind, payload) : null;
                if (call is not null) return call;
                continue;
            }
            if (!wasSealed) return null;
            if (status == EntryStatus.Corrupt && !segment.IsBad) MarkBad(segment);
            Position = new JournalPosition(segment.Number + 1, SegmentLayout.HeaderLength);
        }
        return null;
    }

    // The segment of the position, or the next one that exists: a chain may begin later than the checkpoint says.
    private JournalSegment? FindSegment()
    {
        foreach (var segment in _journal.Chain)
        {
            if (segment.Number < Position.Segment) continue;
            if (segment.Number > Position.Segment)
                Position = new JournalPosition(segment.Number, SegmentLayout.HeaderLength);
            return segment;
        }
        return null;
    }

    private void MarkBad(JournalSegment segment)
    {
        segment.IsBad = true;
        _counters.CountCorrupt();
    }
}
