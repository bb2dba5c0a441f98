using CallTracker.Backends.Recording;
using CallTracker.Backends.Tests.Support;
using CallTracker.Contracts.Recordings;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>A recording that is over while the disk is full gets its end, and so a place, all the same.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recording_OverWhileTheDiskIsFull_GetsItsEndOnceThereIsRoom()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0));
        using var rig = new RecorderRig(_folder.Path, store);
        var session = rig.Start(1);
        rig.Talk([session], 3600);
        store.IsFull = true;
        rig.Talk([session], 3000);
        rig.Stop(session);
        var first = rig.Closed.ShouldHaveSingleItem();
        (first.Row.Summary.State, first.Row.Summary.Faults, first.HasFile)
            .ShouldBe((RecordingState.Partial, RecordingFault.Disk, false));
        rig.Counters.EndsWaiting.ShouldBe(1);
        rig.Clock.Advance(2000);
        rig.Writer.Turn();
        rig.Closed.Count.ShouldBe(1);

        store.IsFull = false;
        rig.Clock.Advance(2000);
        rig.Writer.Turn();
        var second = rig.Closed[1];
        (second.HasFile, second.IsCounted, second.Row.Version).ShouldBe((true, true, first.Row.Version));
        (rig.Closed.Count, rig.Counters.EndsWaiting).ShouldBe((2, 0));
        using var file = rig.Open(1);
        file.Verify().ShouldBeTrue();
        second.Row.Summary.Hash.ShouldBe(file.Summary!.Hash);
        (second.Row.Summary with { Hash = first.Row.Summary.Hash }).ShouldBe(first.Row.Summary);
        second.Row.Summary.CallerLostMs.ShouldBe(3600u);
        RecorderRig.Share(RecorderRig.Sound(file).Left, 440).ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Recording_OverWhileTheDiskIsFull_AtTheNodesEndWaitsForItsNextStart()
    {
        var folder = new RecordingFolder(_folder.Path);
        var store = new FaultyStore(new LocalRecordingStore(folder, 0));
        using (var rig = new RecorderRig(_folder.Path, store))
        {
            var session = rig.Start(1);
            rig.Talk([session], 3600);
            store.IsFull = true;
            rig.Talk([session], 1000);
            rig.Stop(session);
        }
        var left = new RecordingRecovery(folder, RecorderRig.Keys, new LogSink()).Run().ShouldHaveSingleItem();
        (left.Row.Summary.State, left.HasFile).ShouldBe((RecordingState.Interrupted, true));
    }

    [Fact]
    public void UnendedFiles_BeyondTheirMost_AreNotKept()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0));
        using var rig = new RecorderRig(_folder.Path, store);
        using var unended = new UnendedRecordings(rig.Counters);
        var files = Enumerable.Range(1, UnendedRecordings.CountMax + 1).Select(number => new RecordingFileWriter(
            new RecordingHeader(RecorderRig.TrnId(number), "op1", "client1", "node1", 1, 1, RecordingSetting.Both),
            RecorderRig.Keys, store, rig.Counters)).ToList();
        // One that never had room for its beginning has nothing to end.
        store.IsFull = true;
        files[0].TryOpen().ShouldBeFalse();
        var row = OpenRecording.RowOf(files[0].Header, new RecordingSummary(), 0);
        var closed = new ClosedRecording(row, HasFile: false);
        unended.TryKeep(files[0], closed).ShouldBeFalse();
        store.IsFull = false;
        foreach (var file in files) file.TryOpen().ShouldBeTrue();
        files.Count(file => unended.TryKeep(file, closed)).ShouldBe(UnendedRecordings.CountMax);
        rig.Counters.EndsWaiting.ShouldBe(UnendedRecordings.CountMax);
        files[^1].Dispose();
    }

    [Fact]
    public void Disk_NearlyFull_TakesAnEndAndNoSound()
    {
        var folder = new RecordingFolder(_folder.Path);
        var store = new LocalRecordingStore(folder, freeBytesMin: long.MaxValue);
        using (var output = store.Create(RecorderRig.TrnId(1)))
        {
            output.Append([1]);
            store.Check();
            Should.Throw<IOException>(() => output.Append([2]));
            output.AppendEnd([3]);
        }
        File.ReadAllBytes(folder.OpenPath(RecorderRig.TrnId(1))).ShouldBe([1, 3]);
    }

    [Fact]
    public void File_ThatNeverTookAByte_IsNotLeftBehind()
    {
        var folder = new RecordingFolder(_folder.Path);
        new LocalRecordingStore(folder, freeBytesMin: 0).Create(RecorderRig.TrnId(1)).Dispose();
        Directory.GetFiles(folder.Pending).ShouldBeEmpty();
    }

    [Fact]
    public void UnfinishedFile_WithSecondsThatTheDiskRefused_SaysSoWhenRecovered()
    {
        var store = new FaultyStore(new LocalRecordingStore(new RecordingFolder(_folder.Path), 0));
        using var rig = new RecorderRig(_folder.Path, store);
        var session = rig.Start(1);
        rig.Talk([session], 2600);
        store.IsFull = true;
        rig.Talk([session], 2000);
        store.IsFull = false;
        rig.Talk([session], 2000);
        using var other = new TempFolder();
        var folder = new RecordingFolder(other.Path);
        Directory.CreateDirectory(folder.Pending);
        CopyOpen(rig.Folder, folder, 1);
        var summary = new RecordingRecovery(folder, RecorderRig.Keys, new LogSink()).Run().Single().Row.Summary;
        (summary.State, summary.Faults)
            .ShouldBe((RecordingState.Interrupted, RecordingFault.NodeRestart | RecordingFault.Disk));
    }

    [Fact]
    public void Recovery_OfAFileThatFails_GoesOnWithTheOthers()
    {
        using var other = new TempFolder();
        var folder = new RecordingFolder(other.Path);
        Directory.CreateDirectory(folder.Pending);
        using (var rig = new RecorderRig(_folder.Path))
        {
            rig.Talk([rig.Start(2)], 2600);
            CopyOpen(rig.Folder, folder, 2);
        }
        File.CreateSymbolicLink(folder.OpenPath(RecorderRig.TrnId(1)), Path.Combine(other.Path, "nowhere"));
        var log = new LogSink();
        new RecordingRecovery(folder, RecorderRig.Keys, log).Run().ShouldHaveSingleItem()
            .Row.TrnId.ShouldBe(RecorderRig.TrnId(2));
        log.Has(BackendEvent.RecordingFailed).ShouldBeTrue();
    }

    // As it lies there when the node is killed.
    private static void CopyOpen(RecordingFolder from, RecordingFolder to, int number)
    {
        var name = RecorderRig.TrnId(number);
        using var file = new FileStream(from.OpenPath(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = File.Create(to.OpenPath(name));
        file.CopyTo(copy);
    }
}
