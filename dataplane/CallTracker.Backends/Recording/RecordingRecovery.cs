using System.Buffers.Binary;
using CallTracker.Contracts.Recordings;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Closes what an earlier run left unfinished: recordings that were being made get their end, marked as interrupted,
/// and those whose row never arrived are brought to the catalogue once more. Used once at start, before the writer.
/// </summary>
internal sealed class RecordingRecovery(RecordingFolder folder, RecordingKeys keys, IBackendLog log)
{
    /// <summary>All that is left over, closed.</summary>
    public IReadOnlyList<ClosedRecording> Run()
    {
        var found = new List<ClosedRecording>();
        try
        {
            var (open, isSealed) = folder.FindPending();
            foreach (var trnId in open) TryTake(folder.OpenPath(trnId), Close, found);
            var interrupted = found.Count;
            foreach (var trnId in isSealed) TryTake(folder.SealedPath(trnId), Reread, found);
            if (interrupted > 0)
                log.Report(BackendEvent.RecordingRecovered, $"{interrupted} recordings of an earlier run were closed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Report(BackendEvent.RecordingFailed, e.Message);
        }
        return found;
    }

    // A full disk takes no end; what is left as it was waits for the next start, and keeps nothing else from going.
    private void TryTake(
        string path, Func<FileStream, RecordingFile, ClosedRecording?> take, List<ClosedRecording> found)
    {
        try
        {
            Take(path, take, found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Report(BackendEvent.RecordingFailed, e.Message);
        }
    }

    private void Take(string path, Func<FileStream, RecordingFile, ClosedRecording?> take, List<ClosedRecording> found)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var length = stream.Length;
        using var file = RecordingFile.TryOpen(stream, keys);
        if (file is not null && take(stream, file) is { } closed)
        {
            found.Add(closed);
        }
        else if (length < RecordingHeader.WrappedKeyLength)
        {
            // The node died before the first byte of sound.
            File.Delete(path);
        }
        else
        {
            log.Report(BackendEvent.RecordingCorrupt, $"{Path.GetFileName(path)} cannot be read; kept aside.");
            File.Move(path, path + ".bad", overwrite: true);
        }
    }

    // A file that has its end died between that and its new name.
    private static ClosedRecording? Close(FileStream stream, RecordingFile file)
    {
        if (file.Summary is not null) return Reread(stream, file);
        var ms = file.DurationMs();
        if (ms < 0) return null;
        var summary = Summarise(file) with
        {
            DurationMs = (uint)ms,
            PausedMs = Paused(file, (uint)ms),
            Hash = file.HashOf(file.EndOffset),
        };
        var content = new byte[RecordingSummary.Length];
        summary.Write(content);
        var chunk = file.SealNext(RecordingChunkKind.End, content);
        // The torn rest of a chunk goes with the same stroke.
        stream.SetLength(file.EndOffset);
        stream.Position = file.EndOffset;
        stream.Write(chunk);
        stream.Flush(flushToDisk: true);
        return new ClosedRecording(OpenRecording.RowOf(file.Header, summary, (ulong)stream.Length), HasFile: true);
    }

    private static ClosedRecording? Reread(FileStream stream, RecordingFile file) => file.Summary is not { } summary
        ? null
        : new ClosedRecording(OpenRecording.RowOf(file.Header, summary, (ulong)stream.Length), HasFile: true);

    // The accounts of the seconds tell what the dead node knew.
    private static RecordingSummary Summarise(RecordingFile file)
    {
        var (caller, callee, missing, faults) = (0u, 0u, 0u, RecordingFault.NodeRestart);
        foreach (var content in file.Contents(RecordingChunkKind.Sound))
        {
            var a = Account(content, 6);
            var b = Account(content, 6 + RecordingFormat.AccountLength);
            (caller, callee) = (caller + a.Lost + a.Overflow + a.Other, callee + b.Lost + b.Overflow + b.Other);
            missing += a.Overflow + a.Other + b.Overflow + b.Other;
            if (a.Overflow + b.Overflow > 0) faults |= RecordingFault.Overflow;
            if (a.Other + b.Other > 0) faults |= RecordingFault.Codec;
            if (IsMadeUp(content)) faults |= RecordingFault.Disk;
        }
        return new RecordingSummary
        {
            State = RecordingState.Interrupted,
            Faults = faults,
            CallerLostMs = caller,
            CalleeLostMs = callee,
            MissingMs = missing,
            ConsentMs = Consent(file),
        };
    }

    private static uint Consent(RecordingFile file)
    {
        foreach (var (mark, placeMs) in Marks(file))
        {
            if (mark == RecordingMark.Consent) return placeMs + 1;
        }
        return 0;
    }

    // A pause that nothing ended goes on to the end.
    private static uint Paused(RecordingFile file, uint endMs)
    {
        var (sum, since) = (0u, uint.MaxValue);
        foreach (var (mark, placeMs) in Marks(file).Append((RecordingMark.Resume, endMs)))
        {
            if (mark == RecordingMark.Pause)
            {
                since = Math.Min(since, placeMs);
            }
            else if (mark == RecordingMark.Resume && since != uint.MaxValue)
            {
                sum += placeMs > since ? placeMs - since : 0;
                since = uint.MaxValue;
            }
        }
        return sum;
    }

    private static IEnumerable<(RecordingMark Mark, uint PlaceMs)> Marks(RecordingFile file) =>
        file.Contents(RecordingChunkKind.Mark).Where(content => content.Length == 5)
            .Select(content => ((RecordingMark)content[4], BinaryPrimitives.ReadUInt32LittleEndian(content)));

    // A second that was written accounts for each of its milliseconds; one that the disk refused is silence instead.
    private static bool IsMadeUp(byte[] content) =>
        content.Length == RecordingFormat.SoundHeadLength && content.AsSpan(6).IndexOfAnyExcept((byte)0) < 0;

    private static (uint Lost, uint Overflow, uint Other) Account(byte[] content, int at)
    {
        if (content.Length < RecordingFormat.SoundHeadLength) return default;
        return (Number(content, at + 2), Number(content, at + 4), Number(content, at + 6));
    }

    private static uint Number(byte[] content, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(at));
}
