namespace CallTracker.Backends.Journal;

/// <summary>
/// Reads all segments that earlier runs left: the chain of each worker, where each segment ends, which calls are open.
/// Used once at start, before any worker or keeper exists.
/// </summary>
internal sealed class JournalScan
{
    private readonly JournalCounters _counters;
    private readonly IBackendLog _log;
    private readonly Dictionary<long, long> _heartbeatByRun = [];

    public JournalScan(JournalCounters counters, IBackendLog log)
    {
        _counters = counters;
        _log = log;
    }

    /// <summary>Segments by worker, oldest first.</summary>
    public SortedDictionary<int, List<JournalSegment>> Chains { get; } = [];

    /// <summary>Open calls by worker, then by trn_id.</summary>
    public Dictionary<int, Dictionary<string, ScannedCall>> OpenCalls { get; } = [];

    public void Read(string directory)
    {
        foreach (var path in Directory.GetFiles(directory, "w*.journal").Order(StringComparer.Ordinal)) Open(path);
        foreach (var (worker, chain) in Chains)
        {
            chain.Sort(static (a, b) => a.Number.CompareTo(b.Number));
            var open = OpenCalls[worker] = new Dictionary<string, ScannedCall>(StringComparer.Ordinal);
            foreach (var segment in chain) ReadSegment(segment, open);
        }
    }

    /// <summary>
    /// The end of an open call: the run's last heartbeat, never before what its entries name, never in the future.
    /// </summary>
    public long EndOf(ScannedCall call, long nowMs)
    {
        var heartbeat = Math.Min(_heartbeatByRun[call.Run], nowMs);
        return Math.Max(heartbeat, call.LastKnownMs);
    }

    private void Open(string path)
    {
        var segment = TryOpen(path);
        if (segment is null)
        {
            KeepAside(path);
            return;
        }
        if (!Chains.TryGetValue(segment.Worker, out var chain)) Chains[segment.Worker] = chain = [];
        chain.Add(segment);
        var known = _heartbeatByRun.GetValueOrDefault(segment.Run);
        _heartbeatByRun[segment.Run] = Math.Max(known, segment.HeartbeatMs);
    }

    private static JournalSegment? TryOpen(string path)
    {
        try
        {
            return JournalSegment.TryOpen(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void KeepAside(string path)
    {
        if (HoldsNothing(path))
        {
            File.Delete(path);
            return;
        }
        _counters.CountCorrupt();
        _log.Report(BackendEvent.JournalCorrupt, $"{Path.GetFileName(path)} has no sound header; kept aside.");
        File.Move(path, path + ".bad", overwrite: true);
    }

    // A segment whose making was cut short is all zero.
    private static bool HoldsNothing(string path)
    {
        var page = new byte[SegmentLayout.HeaderLength * 2];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(page, page.Length, throwOnEndOfStream: false);
        return page.AsSpan(0, length).IndexOfAnyExcept((byte)0) < 0;
    }

    private void ReadSegment(JournalSegment segment, Dictionary<string, ScannedCall> open)
    {
        var offset = SegmentLayout.HeaderLength;
        EntryStatus status;
        while ((status = segment.Read(offset, out var kind, out var payload)) == EntryStatus.Entry)
        {
            Take(segment, kind, payload, open);
            offset += SegmentLayout.LengthOf(payload.Length);
        }
        segment.SetWritten(offset);
        segment.Seal();
        if (status == EntryStatus.Corrupt || !segment.IsEmptyBehind(offset)) MarkBad(segment, $"bad entry at {offset}");
    }

    private void Take(
        JournalSegment segment, JournalEntryKind kind, ReadOnlySpan<byte> payload, Dictionary<string, ScannedCall> open)
    {
        var call = JournalledCall.TryRead(kind, payload);
        if (call is null) MarkBad(segment, "entry of an unknown layout");
        else if (kind == JournalEntryKind.End) open.Remove(call.TrnId);
        else open[call.TrnId] = new ScannedCall(payload.ToArray(), segment.Run, LastKnownMs(call));
    }

    private static long LastKnownMs(JournalledCall call) => Math.Max(call.DinMs, Math.Max(call.FwdMs, call.TstMs));

    private void MarkBad(JournalSegment segment, string why)
    {
        if (segment.IsBad) return;
        segment.IsBad = true;
        _counters.CountCorrupt();
        _log.Report(BackendEvent.JournalCorrupt, $"{Path.GetFileName(segment.Path)}: {why}; what is sound is used.");
    }
}
