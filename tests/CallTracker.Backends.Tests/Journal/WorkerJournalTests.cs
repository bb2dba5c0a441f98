using CallTracker.Backends.Journal;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>Room, refusal, carrying and deletion of one worker's journal.</summary>
public sealed class WorkerJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogSink _log = new();
    private readonly FakeClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Journal_AtItsLargestSize_RefusesCallsAndKeepsEveryEnd()
    {
        using var set = Open(segments: 3);
        var journal = set.ForWorker(0);
        var open = new List<CallFacts>();
        while (journal.IsWritable)
        {
            open.Add(TestCalls.Started(open.Count));
            journal.Started(open[^1]);
            set.Keeper.Turn();
        }
        open.Count.ShouldBeGreaterThan(10);
        _log.Has(BackendEvent.JournalFull).ShouldBeTrue();
        foreach (var facts in open) journal.Answered(facts.Answer());
        foreach (var facts in open) journal.Ended(facts.End(2_000_000_000_000));
        set.Counters.Lost.ShouldBe(0);
        TestJournals.ReadEnds(set).Select(e => e.TrnId).ShouldBe(open.Select((_, i) => TestCalls.IdOf(i)));
    }

    [Fact]
    public void Journal_WhenSpaceReturns_TakesCallsAgain()
    {
        using var set = Open(segments: 2);
        var journal = set.ForWorker(0);
        var number = 0;
        while (journal.IsWritable)
        {
            var facts = TestCalls.Started(number++);
            journal.Started(facts);
            journal.Ended(facts.End(1));
            set.Keeper.Turn();
        }
        ShipAll(set);
        set.Keeper.Turn();
        _clock.Advance(1000);
        set.Keeper.Turn();
        journal.IsWritable.ShouldBeTrue();
        _log.Has(BackendEvent.JournalWritable).ShouldBeTrue();
    }

    [Fact]
    public void Journal_WrittenAgainstItsRefusal_KeepsEntriesInMemoryUntilThereIsRoom()
    {
        using var set = Open(segments: 1);
        var journal = set.ForWorker(0);
        for (var i = 0; i < 400; i++)
        {
            var facts = TestCalls.Started(i);
            journal.Started(facts);
            journal.Ended(facts.End(1));
        }
        journal.IsWritable.ShouldBeFalse();
        for (var i = 0; i < 10; i++) set.Journals[0].AddPrepared(set.Journals[0].NewSegment(set.Run, 1));
        var last = TestCalls.Started(400);
        journal.Started(last);
        journal.Ended(last.End(1));
        TestJournals.ReadEnds(set).Select(e => e.TrnId).ShouldBe(Enumerable.Range(0, 401).Select(TestCalls.IdOf));
    }

    [Fact]
    public void Journal_WithOneEndlessCall_StillLetsOldSegmentsGo()
    {
        using var set = Open(segments: 40);
        var journal = set.ForWorker(0);
        var endless = TestCalls.Started(0);
        journal.Started(endless);
        journal.Answered(endless.Answer());
        for (var i = 1; i <= 3000; i++)
        {
            var facts = TestCalls.Started(i);
            journal.IsWritable.ShouldBeTrue($"call {i}");
            journal.Started(facts);
            journal.Ended(facts.End(1));
            if (i % 20 != 0) continue;
            ShipAll(set);
            set.Keeper.Turn();
        }
        set.Journals[0].Chain.Length.ShouldBeLessThan(10);
        set.Journals[0].Chain[0].Number.ShouldBeGreaterThan(5);
        set.Dispose();
        using var again = TestJournals.Open(Options(40), 1, _clock, _log);
        var recovered = TestJournals.ReadEnds(again).Where(e => e.Recovered).ShouldHaveSingleItem();
        (recovered.TrnId, recovered.TstMs).ShouldBe((TestCalls.IdOf(0), endless.TstUnixMs));
    }

    [Fact]
    public void Journal_InAnyOrderOfEventsAndRestarts_EndsEachCallOnce()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            using var folder = new TempFolder();
            var random = new Random(seed);
            var (started, ended) = (0, new List<string>());
            for (var run = 0; run < 4; run++)
            {
                using var set = TestJournals.Open(Options(100, folder), random.Next(1, 4), _clock, _log);
                Shuffle(set, random, ref started);
            }
            using var last = TestJournals.Open(Options(100, folder), 1, _clock, _log);
            ended.AddRange(TestJournals.ReadEnds(last).Select(e => e.TrnId));
            ended.Order(StringComparer.Ordinal).ShouldBe(
                Enumerable.Range(0, started).Select(TestCalls.IdOf), $"seed {seed}");
        }
    }

    [Fact]
    public void Journal_PerCall_AllocatesLessThanAKilobyte()
    {
        using var set = TestJournals.Open(Options(8) with
        {
            SegmentBytes = 16 * 1024 * 1024,
            TotalBytesMax = 64 * 1024 * 1024,
        }, 1, _clock, _log);
        var journal = set.ForWorker(0);
        var facts = new CallFacts();
        MeasureCalls(journal, facts, 200);
        var bytes = MeasureCalls(journal, facts, 1000) / 1000.0;
        TestContext.Current.SendDiagnosticMessage($"{bytes} bytes allocated per journalled call");
        bytes.ShouldBeLessThan(1024);
        // The control: the measurement sees an allocation.
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(new byte[2048]);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeGreaterThan(2047);
    }

    private static long MeasureCalls(ICallJournal journal, CallFacts facts, int count)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            facts.Reset();
            TestCalls.Fill(facts, 7, 1_795_000_000_000);
            journal.Started(facts);
            journal.Answered(facts.Answer());
            journal.Ended(facts.End(1_795_000_009_000));
        }
        // TestCalls makes four strings and arrays of its own per call; they are counted in, not out.
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Shuffle(JournalSet set, Random random, ref int started)
    {
        var open = new List<(ICallJournal Journal, CallFacts Facts)>();
        var journals = set.Journals.Where(j => !j.IsRetired).Select(j => set.ForWorker(j.Worker)).ToArray();
        for (var step = random.Next(0, 400); step > 0; step--)
        {
            set.Keeper.Turn();
            var pick = random.Next(3);
            if (pick == 0 || open.Count == 0)
            {
                var call = (journals[random.Next(journals.Length)], TestCalls.Started(started++));
                call.Item1.Started(call.Item2);
                open.Add(call);
                continue;
            }
            var (journal, facts) = open[random.Next(open.Count)];
            if (pick == 1 && facts.TstUnixMs == 0) journal.Answered(facts.Answer());
            if (pick != 2) continue;
            journal.Ended(facts.End(1_795_000_500_000));
            open.Remove((journal, facts));
        }
    }

    private static void ShipAll(JournalSet set)
    {
        foreach (var journal in set.Journals)
            journal.Shipped = new JournalPosition(journal.Chain[^1].Number, SegmentLayout.HeaderLength);
    }

    private JournalOptions Options(int segments, TempFolder? folder = null) =>
        TestJournals.Options(folder ?? _folder, JournalOptions.SegmentBytesMin) with
        {
            TotalBytesMax = segments * (long)JournalOptions.SegmentBytesMin,
            SyncIntervalMs = 60_000,
            RestMs = 60_000,
        };

    private JournalSet Open(int segments) => TestJournals.Open(Options(segments), 1, _clock, _log);
}
