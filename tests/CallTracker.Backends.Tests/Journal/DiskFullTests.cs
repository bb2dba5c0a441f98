using CallTracker.Backends.Journal;
using CallTracker.Backends.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>A disk that is really full: calls are refused, running ones are kept, shipping still works.</summary>
public sealed class DiskFullTests
{
    [Fact]
    public void Journal_OnAFullDisk_RefusesKeepsAndRecovers()
    {
        using var disk = TestKit.SmallDisk.TryMount(14);
        Assert.SkipWhen(disk is null, "mounting a small disk needs root");
        var clock = new FakeClock();
        var log = new LogSink();
        var options = new JournalOptions
        {
            Directory = disk.Path,
            NodeId = "n",
            SegmentBytes = 512 * 1024,
            SyncIntervalMs = 60_000,
            RestMs = 60_000,
        };
        using var set = TestJournals.Open(options, 1, clock, log);
        File.Exists(Path.Combine(disk.Path, "ballast")).ShouldBeTrue();
        var open = Fill(set, clock);
        log.Has(BackendEvent.JournalFull).ShouldBeTrue();
        // The rest of the disk goes too, so that even a small file finds no block.
        FillRest(disk.Path);
        foreach (var facts in open) set.ForWorker(0).Ended(facts.End(1));
        set.Counters.Lost.ShouldBe(0);
        TestJournals.ReadEnds(set).Count.ShouldBe(open.Count);
        Should.Throw<IOException>(() => new ShippingCheckpoint().Write(disk.Path));
        set.Ballast.Spend(() => new ShippingCheckpoint().Write(disk.Path));
        foreach (var journal in set.Journals)
            journal.Shipped = new JournalPosition(journal.Chain[^1].Number, SegmentLayout.HeaderLength);
        set.Keeper.Turn();
        clock.Advance(1000);
        set.Keeper.Turn();
        set.ForWorker(0).IsWritable.ShouldBeTrue();
        log.Has(BackendEvent.JournalWritable).ShouldBeTrue();
    }

    private static List<CallFacts> Fill(JournalSet set, FakeClock clock)
    {
        var open = new List<CallFacts>();
        var journal = set.ForWorker(0);
        while (journal.IsWritable)
        {
            open.Add(TestCalls.Started(open.Count));
            journal.Started(open[^1]);
            clock.Advance(1000);
            set.Keeper.Turn();
        }
        return open;
    }

    private static void FillRest(string path)
    {
        using var file = File.OpenHandle(Path.Combine(path, "rest"), FileMode.Create, FileAccess.Write);
        var page = new byte[4096];
        try
        {
            for (var offset = 0L; ; offset += page.Length) RandomAccess.Write(file, page, offset);
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }
}
