using CallTracker.Backends.Journal;
using CallTracker.Backends.Tests.Support;
using CallTracker.Core.Time;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>When the keeper works and when it rests; what it brings to the disk and what it leaves alone.</summary>
public sealed class JournalKeeperTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sync_WithNothingWrittenSince_TouchesNoSegment()
    {
        using var set = OpenByHand();
        var journal = set.ForWorker(0);
        var facts = TestCalls.Started(1);
        journal.Started(facts);
        set.Keeper.Turn();
        var syncs = set.Counters.Syncs;
        syncs.ShouldBe(1);
        for (var i = 0; i < 3; i++) set.Keeper.Turn();
        set.Counters.Syncs.ShouldBe(syncs);
        journal.Ended(facts.End(1));
        set.Keeper.Turn();
        set.Counters.Syncs.ShouldBe(syncs + 1);
    }

    [Fact]
    public void Reader_OfAnEndThatIsNotOnTheDisk_WaitsForIt()
    {
        using var set = OpenByHand();
        var facts = TestCalls.Started(1);
        set.ForWorker(0).Started(facts);
        set.ForWorker(0).Ended(facts.End(1));
        var start = new JournalPosition(0, SegmentLayout.HeaderLength);
        var reader = new JournalReader(set.Journals[0], start, set.Run, set.Counters);
        reader.TryTakeEnd(out _).ShouldBeNull();
        set.Keeper.Turn();
        reader.TryTakeEnd(out _).ShouldNotBeNull().TrnId.ShouldBe(TestCalls.IdOf(1));
        reader.TryTakeEnd(out _).ShouldBeNull();
    }

    [Fact]
    public void Heartbeat_IsWritten_OnlyWhileACallIsOpen()
    {
        using var set = OpenByHand();
        var journal = set.ForWorker(0);
        var facts = TestCalls.Started(1);
        journal.Started(facts);
        _clock.Advance(1000);
        set.Keeper.Turn();
        var segment = set.Journals[0].Current!;
        segment.HeartbeatMs.ShouldBe(_clock.UnixMs);
        journal.Ended(facts.End(1));
        var last = segment.HeartbeatMs;
        _clock.Advance(1000);
        set.Keeper.Turn();
        segment.HeartbeatMs.ShouldBe(last);
    }

    // A call may open in the instant in which the keeper goes to rest, before any heartbeat.
    [Fact]
    public void Rest_WithTheFirstCallJustOpen_IsATimeThatCanBeWaited()
    {
        using var set = OpenByHand();
        _clock.Advance(1000);
        set.ForWorker(0).Started(TestCalls.Started(1));
        set.Keeper.RestMs().ShouldBeInRange(0, set.Options.SyncIntervalMs);
    }

    [Fact]
    public async Task Keeper_WithNothingWritten_RestsUntilAnEntryWakesIt()
    {
        var options = TestJournals.Options(_folder) with { SyncIntervalMs = 10, RestMs = 600_000 };
        using var set = TestJournals.Open(options);
        // Real time must pass to see that nothing happens in it; it polled every 10 ms before.
        await Task.Delay(300, TestContext.Current.CancellationToken);
        set.Keeper.Turns.ShouldBeLessThanOrEqualTo(2);
        for (var i = 0; i < 20; i++)
        {
            var facts = TestCalls.Started(i);
            set.ForWorker(0).Started(facts);
            set.ForWorker(0).Ended(facts.End(1));
            await Eventually.IsTrue(() => !set.Journals[0].HasUnsynced, $"entry {i} is on the disk");
        }
    }

    [Fact]
    public async Task Keeper_WithAnOpenCallAndNoEntries_StillBeats()
    {
        var options = TestJournals.Options(_folder) with { SyncIntervalMs = 10, RestMs = 600_000, HeartbeatMs = 20 };
        using var set = TestJournals.Open(options);
        set.ForWorker(0).Started(TestCalls.Started(1));
        await Eventually.IsTrue(() => !set.Journals[0].HasUnsynced, "the start is on the disk");
        var seenMs = new SystemClock().UnixMs + 100;
        await Eventually.IsTrue(() => set.Journals[0].Current!.HeartbeatMs > seenMs, "the heartbeat goes on");
        set.Counters.Syncs.ShouldBeLessThanOrEqualTo(2);
    }

    // The thread stands still; the test takes its turns.
    private JournalSet OpenByHand() => TestJournals.Open(
        TestJournals.Options(_folder) with { SyncIntervalMs = 600_000, RestMs = 600_000 }, 1, _clock);
}
