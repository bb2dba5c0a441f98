using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Bpf;

/// <summary>
/// The bpf system call by number, as glibc has no wrapper and libbpf is not needed for what is done here. Each command
/// takes a block of fields at fixed offsets (union bpf_attr of linux/bpf.h); a field beyond what a kernel knows must
/// be zero.
/// </summary>
internal static unsafe partial class BpfCall
{
    public const int MapCreate = 0;
    public const int ProgramLoad = 5;
    public const int ProgramTestRun = 10;
    public const int LinkCreate = 28;
    /// <summary>Bytes of the block; more than any command here uses.</summary>
    public const int BlockBytes = 128;
    private const string Library = "libc";
    // x86-64 alone: the data plane's epoll layout is that of x86-64 too.
    private const nint SystemCallNumber = 321;

    /// <summary>A descriptor or 0, or a negated errno.</summary>
    public static int Run(int command, ReadOnlySpan<byte> block)
    {
        fixed (byte* start = block)
        {
            var result = SystemCall(SystemCallNumber, command, start, (nuint)block.Length);
            return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
        }
    }

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint command, void* block, nuint bytes);

    [LibraryImport(Library, EntryPoint = "mmap")]
    public static partial void* MapMemory(
        void* address, nuint bytes, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap")]
    public static partial int UnmapMemory(void* address, nuint bytes);
}
