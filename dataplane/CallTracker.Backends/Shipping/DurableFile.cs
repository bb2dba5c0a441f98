using CallTracker.Backends.Journal;

namespace CallTracker.Backends.Shipping;

/// <summary>Writes small files so that after any crash the old or the new content is there, whole. Stateless.</summary>
internal static class DurableFile
{
    /// <summary>Writes beside, brings it to the disk, renames into place, brings the rename to the disk.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Replace(path, content, default);

    public static void Replace(string path, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, head, 0);
            RandomAccess.Write(file, body, head.Length);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(temporary, path, overwrite: true);
        JournalLibC.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
