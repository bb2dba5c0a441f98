using CallTracker.Backends.Recording;
using CallTracker.Backends.Tests.Support;
using CallTracker.Contracts.Recordings;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>From the ring to the file: what was said is in it, and what is missing is said.</summary>
public sealed class RecordingWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Disk_WithNothingToRecord_IsNotLookedAtUntilACallIs()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), freeBytesMin: 0));
        using var rig = new RecorderRig(_folder.Path, store);
        for (var i = 0; i < 5; i++)
        {
            rig.Clock.Advance(2000);
            rig.Writer.Turn();
        }
        store.Checks.ShouldBe(0);
        rig.Start(1);
        rig.Writer.Turn();
        store.Checks.ShouldBe(1);
    }

    [Fact]
    public void Call_OfTwoSides_IsAStereoFileWithEachOnItsSide()
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 5320);
        rig.Stop(session);
        var closed = rig.Closed.ShouldHaveSingleItem();
        closed.HasFile.ShouldBeTrue();
        (closed.Row.Summary.State, closed.Row.Summary.DurationMs).ShouldBe((RecordingState.Complete, 5320u));
        (closed.Row.OperatorId, closed.Row.ClientId, closed.Row.TrnId)
            .ShouldBe((RecorderRig.OperatorId, "client1", RecorderRig.TrnId(1)));
        closed.Row.DinMs.ShouldBe(closed.Row.StartMs - 3000);
        using var file = rig.Open(1);
        file.Verify().ShouldBeTrue();
        file.Summary!.Hash.ShouldBe(closed.Row.Summary.Hash);
        var (left, right) = RecorderRig.Sound(file);
        left.Length.ShouldBe(5320 * 8);
        RecorderRig.Share(left, 440).ShouldBeGreaterThan(0.95);
        RecorderRig.Share(right, 1000).ShouldBeGreaterThan(0.95);
        new FileInfo(rig.Folder.OpenPath(RecorderRig.TrnId(1))).UnixFileMode
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        rig.Counters.Open.ShouldBe(0);
    }

    [Theory]
    [InlineData(RecordingSetting.Caller, 440)]
    [InlineData(RecordingSetting.Callee, 1000)]
    public void Call_OfOneSide_IsAMonoFile(RecordingSetting sides, int hz)
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1, sides);
        rig.Talk([session], 3000);
        rig.Stop(session);
        using var file = rig.Open(1);
        var (sound, none) = RecorderRig.Sound(file);
        (sound.Length, none.Length).ShouldBe((24_000, 0));
        RecorderRig.Share(sound, hz).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void RunningCall_ItsFile_PlaysToTheLastSecond()
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 4600);
        using var file = rig.Open(1);
        file.Summary.ShouldBeNull();
        file.SoundCount.ShouldBe(4);
        RecorderRig.Share(RecorderRig.Sound(file).Left, 440).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Writer_FallingBehind_IsToldOnTheRecord()
    {
        using var rig = new RecorderRig(_folder.Path, ringBytes: RecordingRing.CapacityMin);
        var session = rig.Start(1);
        rig.Talk([session], 2000);
        // The ring holds less than four seconds of two sides.
        rig.Talk([session], 6000, turns: false);
        rig.Talk([session], 2000);
        rig.Stop(session);
        var summary = rig.Closed.Single().Row.Summary;
        (summary.State, summary.Faults, summary.DurationMs)
            .ShouldBe((RecordingState.Partial, RecordingFault.Overflow, 10_000u));
        summary.MissingMs.ShouldBeInRange(2000u, 9000u);
        summary.MissingMs.ShouldBe(summary.CallerLostMs + summary.CalleeLostMs);
        using var file = rig.Open(1);
        file.DurationMs().ShouldBe(10_000);
        // What comes after the hole still lies where it belongs.
        RecorderRig.Share(RecorderRig.Sound(file).Left.AsSpan(^12_000..), 440).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void FullDisk_InTheMiddle_LeavesSilenceAndAFlag()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0));
        using var rig = new RecorderRig(_folder.Path, store);
        var session = rig.Start(1);
        rig.Talk([session], 3600);
        store.IsFull = true;
        rig.Talk([session], 4000);
        store.IsFull = false;
        rig.Talk([session], 3400);
        rig.Stop(session);
        var closed = rig.Closed.Single();
        (closed.Row.Summary.State, closed.Row.Summary.Faults, closed.HasFile)
            .ShouldBe((RecordingState.Partial, RecordingFault.Disk, true));
        closed.Row.Summary.CallerLostMs.ShouldBe(4000u);
        (closed.Row.Summary.CalleeLostMs, closed.Row.Summary.MissingMs).ShouldBe((4000u, 8000u));
        rig.Log.Entries.Select(e => e.What).ShouldBe([BackendEvent.RecordingFailed, BackendEvent.RecordingResumed]);
        using var file = rig.Open(1);
        file.Verify().ShouldBeTrue();
        var (left, _) = RecorderRig.Sound(file);
        left.Length.ShouldBe(11_000 * 8);
        RecorderRig.Share(left.AsSpan(0, 3 * 8000), 440).ShouldBeGreaterThan(0.95);
        left.AsSpan(3 * 8000, 4 * 8000).IndexOfAnyExcept((short)0).ShouldBe(-1);
        RecorderRig.Share(left.AsSpan(7 * 8000), 440).ShouldBeGreaterThan(0.95);
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(ArgumentOutOfRangeException))]
    public void Disk_ThatRefusesInAnotherWay_IsAFaultOfThisRecordingAsAFullOne(Type refusal)
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0));
        using var rig = new RecorderRig(_folder.Path, store);
        var session = rig.Start(1);
        rig.Talk([session], 3600);
        store.Fault = (Exception)Activator.CreateInstance(refusal)!;
        rig.Talk([session], 2000);
        store.Fault = null;
        rig.Talk([session], 2400);
        rig.Stop(session);
        var closed = rig.Closed.Single();
        (closed.Row.Summary.State, closed.Row.Summary.Faults, closed.Row.Summary.DurationMs)
            .ShouldBe((RecordingState.Partial, RecordingFault.Disk, 8000u));
        using var file = rig.Open(1);
        file.Verify().ShouldBeTrue();
    }

    [Fact]
    public void Entry_ThatCannotBeTaken_IsPassedOverAndTheNextCallIsRecorded()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0));
        using var rig = new RecorderRig(_folder.Path, store);
        var first = rig.Start(1);
        rig.Talk([first], 1200);
        store.Fault = new NotSupportedException();
        rig.Tap.Mark(first, RecordingEntryKind.Consent, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        // The thread reports it and goes on.
        Should.Throw<NotSupportedException>(rig.Writer.Turn);
        rig.Writer.Turn();
        rig.Tap.Ring!.Waiting.ShouldBe(0);
        store.Fault = null;
        rig.Stop(first);
        var second = rig.Start(2);
        rig.Talk([second], 2000);
        rig.Stop(second);
        rig.Closed.Count.ShouldBe(2);
        using var file = rig.Open(2);
        file.Verify().ShouldBeTrue();
    }

    [Fact]
    public void FullDisk_AllTheTime_IsAFailedRecordingWithoutAFile()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0)) { IsFull = true };
        using var rig = new RecorderRig(_folder.Path, store);
        var session = rig.Start(1);
        rig.Talk([session], 3000);
        rig.Stop(session);
        var closed = rig.Closed.Single();
        (closed.Row.Summary.State, closed.Row.Summary.Faults, closed.HasFile, closed.Row.Bytes)
            .ShouldBe((RecordingState.Failed, RecordingFault.Disk, false, 0ul));
        rig.Folder.TryOpen(RecorderRig.TrnId(1)).ShouldBeNull();
    }

    [Fact]
    public void SmallDisk_ReallyFull_NeverTearsAChunk()
    {
        using var disk = TestKit.SmallDisk.TryMount(1);
        Assert.SkipWhen(disk is null, "mounting a small disk needs root");
        using var rig = new RecorderRig(disk.Path);
        var sessions = Enumerable.Range(1, 8).Select(number => rig.Start(number)).ToArray();
        // 16 KB a second each: a megabyte is full within 8 s.
        rig.Talk(sessions, 12_000);
        foreach (var session in sessions) rig.Stop(session);
        rig.Counters.Failures.ShouldBeGreaterThan(8);
        rig.Closed.Count.ShouldBe(8);
        rig.Closed.ShouldAllBe(c => c.Row.Summary.State == RecordingState.Partial
            && c.Row.Summary.Faults == RecordingFault.Disk);
        for (var number = 1; number <= 8; number++)
        {
            using var file = rig.Open(number);
            // The rest of a block may still take the short chunks of silent seconds.
            file.SoundCount.ShouldBeInRange(3, 12);
            var (left, _) = RecorderRig.Sound(file);
            RecorderRig.Share(left.AsSpan(0, 3 * 8000), 440).ShouldBeGreaterThan(0.95);
        }
    }

    [Fact]
    public void Disk_NearlyFull_IsLeftToTheJournal()
    {
        var store = new LocalRecordingStore(new RecordingFolder(_folder.Path), freeBytesMin: long.MaxValue);
        using var rig = new RecorderRig(_folder.Path, store);
        var session = rig.Start(1);
        rig.Talk([session], 2000);
        // The first look at the disk comes with the first turn, before the recording.
        rig.Stop(session);
        rig.Closed.Single().Row.Summary.State.ShouldBe(RecordingState.Failed);
    }

    [Fact]
    public void Recording_WhoseEndNobodyTold_IsClosedWithItsLastPacket()
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 2000);
        rig.Relay.Close(session, out _, out _);
        rig.Clock.Advance(3000);
        rig.Writer.Turn();
        var summary = rig.Closed.ShouldHaveSingleItem().Row.Summary;
        (summary.State, summary.DurationMs).ShouldBe((RecordingState.Interrupted, 4000u));
    }

    [Fact]
    public void Writer_AtItsEnd_ClosesWhatIsOpen()
    {
        var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 2500);
        rig.Dispose();
        rig.Closed.ShouldHaveSingleItem().Row.Summary.State.ShouldBe(RecordingState.Interrupted);
        using var file = rig.Open(1);
        file.Verify().ShouldBeTrue();
        file.DurationMs().ShouldBe(2500);
    }

    [Fact]
    public void ConsentAndPause_OfACall_AreOnTheRecordAndInTheFile()
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 1000);
        rig.Tap.Mark(session, RecordingEntryKind.Consent, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Talk([session], 1000);
        rig.Tap.Mark(session, RecordingEntryKind.Pause, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Talk([session], 2000);
        rig.Tap.Mark(session, RecordingEntryKind.Resume, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Talk([session], 2000);
        rig.Stop(session);
        var summary = rig.Closed.Single().Row.Summary;
        (summary.State, summary.ConsentMs, summary.DurationMs).ShouldBe((RecordingState.Complete, 1001u, 6000u));
        summary.PausedMs.ShouldBe(2000u);
        using var file = rig.Open(1);
        file.Contents(RecordingChunkKind.Mark).Select(c => ((RecordingMark)c[4], BitConverter.ToInt32(c))).ShouldBe(
            [(RecordingMark.Consent, 1000), (RecordingMark.Pause, 2000), (RecordingMark.Resume, 4000)]);
        var (left, _) = RecorderRig.Sound(file);
        left.AsSpan(2100 * 8, 1800 * 8).IndexOfAnyExcept((short)0).ShouldBe(-1);
        RecorderRig.Share(left.AsSpan(4100 * 8), 440).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Call_ThatEndsWhilePaused_IsPausedToItsEnd()
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 2000);
        rig.Tap.Mark(session, RecordingEntryKind.Pause, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Talk([session], 3500);
        rig.Stop(session);
        var summary = rig.Closed.Single().Row.Summary;
        (summary.State, summary.DurationMs, summary.PausedMs, summary.CallerLostMs)
            .ShouldBe((RecordingState.Complete, 5500u, 3500u, 0u));
        using var file = rig.Open(1);
        file.Summary!.PausedMs.ShouldBe(3500u);
    }

    [Fact]
    public void Calls_ManyAfterAnother_UseTheWindowsAgain()
    {
        using var rig = new RecorderRig(_folder.Path);
        for (var number = 1; number <= 12; number++)
        {
            var session = rig.Start(number);
            rig.Talk([session], 1100 + (number * 20), callerHz: 300 + (number * 50));
            rig.Stop(session);
            using var file = rig.Open(number);
            RecorderRig.Share(RecorderRig.Sound(file).Left, 300 + (number * 50)).ShouldBeGreaterThan(0.95);
        }
        rig.Closed.ShouldAllBe(c => c.Row.Summary.State == RecordingState.Complete);
    }
}
