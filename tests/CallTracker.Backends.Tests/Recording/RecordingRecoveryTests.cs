using CallTracker.Backends.Recording;
using CallTracker.Backends.Tests.Support;
using CallTracker.Contracts.Recordings;
using CallTracker.Media.Recording;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Recording;

/// <summary>What a node that died leaves behind, and what the next start makes of it.</summary>
public sealed class RecordingRecoveryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogSink _log = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8000)]
    [InlineData(16_000)]
    public void UnfinishedFile_CutOffAnywhere_IsClosedAsInterrupted(int cutBytes)
    {
        using var rig = new RecorderRig(_folder.Path);
        rig.Talk([rig.Start(1)], 5600);
        var path = rig.Folder.OpenPath(RecorderRig.TrnId(1));
        // As it lies there when the node is killed: copied, since the rig's own end would close it.
        var bytes = ReadShared(path);
        using var other = new TempFolder();
        var folder = new RecordingFolder(other.Path);
        Directory.CreateDirectory(folder.Pending);
        File.WriteAllBytes(folder.OpenPath(RecorderRig.TrnId(1)), bytes[..^cutBytes]);

        var closed = new RecordingRecovery(folder, RecorderRig.Keys, _log).Run().ShouldHaveSingleItem();
        var seconds = cutBytes == 0 ? 5 : 4;
        (closed.Row.Summary.State, closed.Row.Summary.Faults, closed.Row.Summary.DurationMs)
            .ShouldBe((RecordingState.Interrupted, RecordingFault.NodeRestart, (uint)seconds * 1000));
        using var file = RecordingFile.TryOpen(folder.TryOpen(RecorderRig.TrnId(1))!, RecorderRig.Keys)!;
        file.Verify().ShouldBeTrue();
        file.Summary!.Hash.ShouldBe(closed.Row.Summary.Hash);
        var (left, right) = RecorderRig.Sound(file);
        left.Length.ShouldBe(seconds * 8000);
        RecorderRig.Share(left, 440).ShouldBeGreaterThan(0.95);
        RecorderRig.Share(right, 1000).ShouldBeGreaterThan(0.95);
        _log.Has(BackendEvent.RecordingRecovered).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true, 2000)]
    [InlineData(false, 3000)]
    public void UnfinishedFile_WithAPause_SaysHowLongItWas(bool isResumed, int pausedMs)
    {
        using var rig = new RecorderRig(_folder.Path);
        var session = rig.Start(1);
        rig.Talk([session], 2000);
        rig.Tap.Mark(session, RecordingEntryKind.Consent, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Tap.Mark(session, RecordingEntryKind.Pause, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Talk([session], 2000);
        if (isResumed) rig.Tap.Mark(session, RecordingEntryKind.Resume, rig.Clock.NowMs).ShouldBe(TapMark.Done);
        rig.Talk([session], 1500);
        using var other = new TempFolder();
        var folder = new RecordingFolder(other.Path);
        Directory.CreateDirectory(folder.Pending);
        var trnId = RecorderRig.TrnId(1);
        File.WriteAllBytes(folder.OpenPath(trnId), ReadShared(rig.Folder.OpenPath(trnId)));
        var summary = new RecordingRecovery(folder, RecorderRig.Keys, _log).Run().Single().Row.Summary;
        (summary.DurationMs, summary.PausedMs, summary.ConsentMs).ShouldBe((5000u, (uint)pausedMs, 2001u));
    }

    [Fact]
    public void Files_WhoseRowNeverArrived_AreFoundOnceMoreWithTheSameRow()
    {
        ClosedRecording first;
        RecordingFolder folder;
        using (var rig = new RecorderRig(_folder.Path))
        {
            var session = rig.Start(1);
            rig.Talk([session], 3000);
            rig.Stop(session);
            (first, folder) = (rig.Closed.Single(), rig.Folder);
            rig.Parts.Store.Seal(RecorderRig.TrnId(1));
        }
        var again = new RecordingRecovery(folder, RecorderRig.Keys, _log).Run().ShouldHaveSingleItem();
        (again.Row.Version, again.Row.Summary.State, again.Row.Summary.DurationMs)
            .ShouldBe((first.Row.Version, RecordingState.Complete, 3000u));
        again.Row.Summary.Hash.ShouldBe(first.Row.Summary.Hash);
        var store = new LocalRecordingStore(folder, 0);
        store.Seal(RecorderRig.TrnId(1));
        ((IRecordingStore)store).File(RecorderRig.TrnId(1));
        File.Exists(folder.FiledPath(RecorderRig.TrnId(1))).ShouldBeTrue();
        new RecordingRecovery(folder, RecorderRig.Keys, _log).Run().ShouldBeEmpty();
    }

    [Fact]
    public void FileOfAnotherInstallation_IsKeptAside_AndAnEmptyOneGoes()
    {
        var folder = new RecordingFolder(_folder.Path);
        Directory.CreateDirectory(folder.Pending);
        using (var rig = new RecorderRig(_folder.Path)) rig.Talk([rig.Start(1)], 2000);
        File.WriteAllBytes(folder.OpenPath(RecorderRig.TrnId(2)), []);
        new RecordingRecovery(folder, new RecordingKeys(new byte[32]), _log).Run().ShouldBeEmpty();
        File.Exists(folder.OpenPath(RecorderRig.TrnId(1)) + ".bad").ShouldBeTrue();
        File.Exists(folder.OpenPath(RecorderRig.TrnId(2))).ShouldBeFalse();
        _log.Has(BackendEvent.RecordingCorrupt).ShouldBeTrue();
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
