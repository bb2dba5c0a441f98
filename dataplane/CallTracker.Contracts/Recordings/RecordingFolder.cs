namespace CallTracker.Contracts.Recordings;

/// <summary>
/// Where recordings lie: what is unfinished in one folder, which a starting node looks through; what is finished in
/// others, by the id's first digits, which count seconds, so that the files of an hour or so are together. Stateless.
/// </summary>
/// <param name="root">CALLTRACKER_RECORDINGS.</param>
public sealed class RecordingFolder(string root)
{
    private const string OpenSuffix = ".open";
    private const string SealedSuffix = ".sealed";
    private const string FiledSuffix = ".ctr";
    private const int FolderLength = 5;

    public string Root => root;

    /// <summary>Files that are being written, or that their catalogue's row has not reached ClickHouse of.</summary>
    public string Pending => Path.Combine(root, "pending");

    /// <summary>A file that is being written.</summary>
    public string OpenPath(string trnId) => Path.Combine(Pending, trnId + OpenSuffix);

    /// <summary>A file that has its end, and is not in the catalogue yet.</summary>
    public string SealedPath(string trnId) => Path.Combine(Pending, trnId + SealedSuffix);

    /// <summary>A file that is in the catalogue.</summary>
    public string FiledPath(string trnId) => Path.Combine(root, trnId[..FolderLength], trnId + FiledSuffix);

    /// <summary>A recording's file, finished or not; null when there is none.</summary>
    public FileStream? TryOpen(string trnId)
    {
        // It may move on between two looks, but only in this direction.
        foreach (var path in new[] { OpenPath(trnId), SealedPath(trnId), FiledPath(trnId) })
        {
            try
            {
                const FileShare others = FileShare.ReadWrite | FileShare.Delete;
                return new FileStream(path, FileMode.Open, FileAccess.Read, others);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }
        }
        return null;
    }

    /// <summary>
    /// The ids of files that are in the catalogue, the oldest first. Folders that are empty and past go meanwhile.
    /// </summary>
    /// <param name="now">The time.</param>
    public IEnumerable<string> FindFiled(DateTimeOffset now)
    {
        if (!Directory.Exists(root)) yield break;
        // Names of folders are times, in hexadecimal digits of one length.
        foreach (var folder in Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(folder).Length != FolderLength) continue;
            var isEmpty = true;
            foreach (var path in Directory.EnumerateFiles(folder, "*" + FiledSuffix))
            {
                isEmpty = false;
                var trnId = Path.GetFileNameWithoutExtension(path);
                if (RecordingFormat.IsTrnId(trnId)) yield return trnId;
            }
            if (isEmpty && IsPast(folder, now)) TryRemove(folder);
        }
    }

    /// <summary>Deletes a finished recording; false when it is still being written.</summary>
    public bool TryDelete(string trnId)
    {
        if (File.Exists(OpenPath(trnId))) return false;
        if (Directory.Exists(Pending)) File.Delete(SealedPath(trnId));
        var filed = FiledPath(trnId);
        if (File.Exists(filed)) File.Delete(filed);
        return true;
    }

    /// <summary>The ids of unfinished files: those being written, and those that wait for the catalogue.</summary>
    public (IReadOnlyList<string> Open, IReadOnlyList<string> Sealed) FindPending() =>
        (Find(OpenSuffix), Find(SealedSuffix));

    private static bool IsPast(string folder, DateTimeOffset now) =>
        now.UtcDateTime - Directory.GetLastWriteTimeUtc(folder) > TimeSpan.FromDays(2);

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Something was put there after all.
        }
    }

    private List<string> Find(string suffix) => !Directory.Exists(Pending) ? [] :
    [
        .. Directory.EnumerateFiles(Pending, "*" + suffix).Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(RecordingFormat.IsTrnId).Order(StringComparer.Ordinal),
    ];
}
