using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CallTracker.Backends.Journal;

/// <summary>The calls that .NET has no exact form of. Stateless.</summary>
internal static partial class JournalLibC
{
    private const int Interrupted = 4;

    /// <summary>
    /// Gives the file its blocks or an error number: a full disk shows here and never as SIGBUS later.
    /// </summary>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    public static partial int Allocate(SafeFileHandle file, long offset, long length);

    /// <summary>
    /// Brings a file's content to the disk, and of the rest only what is needed to find it again: of a file whose
    /// blocks are all there, nothing. fsync would also write the inode for the sake of its times, a third write.
    /// </summary>
    public static void SyncContent(SafeFileHandle file)
    {
        while (SyncData(file) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new IOException($"A file's content is not on the disk (errno {error}).");
        }
    }

    /// <summary>Makes renames and new names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        var descriptor = Open(path, flags: 0x10000);
        if (descriptor < 0)
            throw new IOException($"The directory cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        var result = Sync(descriptor);
        _ = Close(descriptor);
        if (result < 0) throw new IOException("The directory cannot be synchronised.");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
