using CallTracker.Backends.Journal;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Tests.Support;

/// <summary>Opens journals for tests and reads all ends of calls that a folder holds.</summary>
internal static class TestJournals
{
    public static JournalOptions Options(TempFolder folder, int segmentBytes = 256 * 1024) => new()
    {
        Directory = folder.Path,
        NodeId = "node1",
        SegmentBytes = segmentBytes,
        SyncIntervalMs = 10,
        HeartbeatMs = 20,
    };

    public static JournalSet Open(JournalOptions options, int workers = 1, IClock? clock = null, LogSink? log = null) =>
        JournalSet.Open(options, workers, TestCalls.Cipher, clock ?? new SystemClock(), log ?? new LogSink());

    /// <summary>Every end in the journals, in order of writing per worker.</summary>
    public static List<JournalledCall> ReadEnds(JournalSet set)
    {
        var ends = new List<JournalledCall>();
        foreach (var journal in set.Journals)
        {
            journal.Sync();
            var reader = new JournalReader(
                journal, new JournalPosition(0, SegmentLayout.HeaderLength), set.Run, set.Counters);
            while (reader.TryTakeEnd(out _) is { } call) ends.Add(call);
        }
        return ends;
    }
}
