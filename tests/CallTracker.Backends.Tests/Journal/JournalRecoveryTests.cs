using CallTracker.Backends.Journal;
using CallTracker.Backends.Shipping;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Contracts.Calls;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Journal;

/// <summary>What a restarted node makes of the journals of the run before.</summary>
public sealed class JournalRecoveryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly LogSink _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_WithCallsLeftOpen_ClosesEachAtTheLastHeartbeat()
    {
        long heartbeatMs;
        using (var set = Open())
        {
            var journal = set.ForWorker(0);
            var start = _clock.UnixMs;
            journal.Started(TestCalls.Started(1, start));
            var answered = TestCalls.Started(2, start);
            journal.Started(answered);
            journal.Answered(answered.Answer());
            var ended = TestCalls.Started(3, start);
            journal.Started(ended);
            journal.Ended(ended.End(start + 500));
            _clock.Advance(60_000);
            set.Keeper.Turn();
            heartbeatMs = _clock.UnixMs;
        }
        _clock.Advance(3_600_000);
        using var again = Open();
        var ends = TestJournals.ReadEnds(again).ToDictionary(e => e.TrnId);
        ends.Count.ShouldBe(3);
        ends[TestCalls.IdOf(3)].Recovered.ShouldBeFalse();
        var incomplete = CallRecordMapper.ToRecord(ends[TestCalls.IdOf(1)], "n");
        (incomplete.Recovered, incomplete.EndReason).ShouldBe((true, "node_restart"));
        (incomplete.DialStat, incomplete.HupUsr).ShouldBe((DialStatus.Incomplete, HangupSide.System));
        incomplete.EocMs.ShouldBe(heartbeatMs);
        var talked = CallRecordMapper.ToRecord(ends[TestCalls.IdOf(2)], "n");
        (talked.DialStat, talked.EocMs, talked.SipCode).ShouldBe((DialStatus.Normal, heartbeatMs, (ushort)200));
        talked.TalkingSec.ShouldBe(57u);
        _log.Has(BackendEvent.JournalRecovered).ShouldBeTrue();
    }

    [Fact]
    public void Open_ASecondTime_ClosesNothingAgain()
    {
        using (var set = Open()) set.ForWorker(0).Started(TestCalls.Started(1));
        long eocMs;
        using (var set = Open()) eocMs = TestJournals.ReadEnds(set).ShouldHaveSingleItem().EocMs;
        _clock.Advance(50_000);
        using var again = Open();
        TestJournals.ReadEnds(again).ShouldHaveSingleItem().EocMs.ShouldBe(eocMs);
        again.Counters.Recovered.ShouldBe(0);
    }

    [Fact]
    public void Open_WithFewerWorkers_StillShipsTheOthersCalls()
    {
        using (var set = Open(workers: 3))
        {
            for (var worker = 0; worker < 3; worker++)
            {
                var facts = TestCalls.Started(worker);
                set.ForWorker(worker).Started(facts);
                if (worker == 1) set.ForWorker(worker).Ended(facts.End(5));
            }
        }
        using var again = Open(workers: 1);
        TestJournals.ReadEnds(again).Select(e => e.TrnId).Order().ShouldBe(
            Enumerable.Range(0, 3).Select(TestCalls.IdOf));
        Should.Throw<ArgumentOutOfRangeException>(() => again.ForWorker(1));
    }

    [Fact]
    public void Open_WithADamagedEntry_UsesWhatIsSoundAndKeepsTheFileAside()
    {
        using (var set = Open())
        {
            for (var i = 0; i < 5; i++)
            {
                var facts = TestCalls.Started(i);
                set.ForWorker(0).Started(facts);
                set.ForWorker(0).Ended(facts.End(1_795_000_000_500));
            }
        }
        // Five starts and ends of equal lengths: the third call's end is the sixth entry.
        var path = _folder.Files("w000-*.journal")[0];
        var bytes = File.ReadAllBytes(path);
        var at = bytes.AsSpan().LastIndexOf(System.Text.Encoding.ASCII.GetBytes(TestCalls.IdOf(2)));
        bytes[at] ^= 0xff;
        File.WriteAllBytes(path, bytes);
        using var again = Open();
        var ends = TestJournals.ReadEnds(again);
        ends.Select(e => (e.TrnId, e.Recovered)).ShouldBe(
            [(TestCalls.IdOf(0), false), (TestCalls.IdOf(1), false), (TestCalls.IdOf(2), true)]);
        again.Counters.Corrupt.ShouldBe(1);
        _log.Has(BackendEvent.JournalCorrupt).ShouldBeTrue();
        Ship(again);
        _folder.Files("*.bad").ShouldHaveSingleItem().ShouldBe(path + ".bad");
    }

    [Fact]
    public void Open_WithForeignAndEmptyFiles_KeepsOrDropsThem()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "w000-000000001.journal"), new byte[100_000]);
        File.WriteAllText(Path.Combine(_folder.Path, "w000-000000002.journal"), "this is something else entirely");
        using var set = Open();
        set.ForWorker(0).IsWritable.ShouldBeTrue();
        _folder.Files("*.bad").ShouldHaveSingleItem();
    }

    [Fact]
    public void Open_WhileAnotherHoldsTheFolder_SaysSo()
    {
        using var set = Open();
        Should.Throw<IOException>(() => Open()).Message.ShouldContain("in use by another process");
    }

    [Fact]
    public void Open_AfterEverythingWasShippedAndDeleted_ReusesNoNumber()
    {
        new ShippingCheckpoint { BatchId = 9, Positions = [new WorkerPosition(0, 41, 8000)] }.Write(_folder.Path);
        using var set = Open();
        set.ForWorker(0).Started(TestCalls.Started(1));
        set.Journals[0].Current.ShouldNotBeNull().Number.ShouldBeGreaterThan(41);
    }

    [Fact]
    public void Files_OfCalls_HoldNoCallersNumber()
    {
        using (var set = Open())
        {
            var facts = TestCalls.Started(1);
            set.ForWorker(0).Started(facts);
            set.ForWorker(0).Answered(facts.Answer());
            set.ForWorker(0).Ended(facts.End(1));
        }
        var bytes = File.ReadAllBytes(_folder.Files("w000-*.journal")[0]);
        bytes.AsSpan().IndexOf("09012345678"u8).ShouldBe(-1);
        bytes.AsSpan().IndexOf("0312345678"u8).ShouldBeGreaterThan(0);
    }

    private static void Ship(JournalSet set)
    {
        var journal = set.Journals[0];
        journal.Shipped = new JournalPosition(journal.Chain[^1].Number, SegmentLayout.HeaderLength);
        set.Keeper.Turn();
    }

    private JournalSet Open(int workers = 1) =>
        TestJournals.Open(TestJournals.Options(_folder) with { SyncIntervalMs = 60_000, RestMs = 60_000 },
            workers, _clock, _log);
}
