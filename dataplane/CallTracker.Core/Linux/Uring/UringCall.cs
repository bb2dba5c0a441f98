using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Uring;

/// <summary>
/// The system calls of io_uring by number, as glibc has no wrapper, and the constants of linux/io_uring.h that are used
/// here. x86-64 and arm64 have the same numbers.
/// </summary>
internal static unsafe partial class UringCall
{
    public const uint SetupCompletionSize = 1 << 3;
    public const uint SetupDisabled = 1 << 6;
    public const uint SetupSubmitAll = 1 << 7;
    public const uint SetupSingleIssuer = 1 << 12;
    public const uint SetupDeferTaskRun = 1 << 13;
    public const uint FeatureSingleMap = 1 << 0;
    public const uint FeatureExtendedArgument = 1 << 8;
    public const uint FeatureMinWait = 1 << 15;
    public const uint EnterGetEvents = 1 << 0;
    public const uint EnterExtendedArgument = 1 << 3;
    public const int RegisterFiles = 2;
    public const int UnregisterFiles = 3;
    public const int RegisterEnable = 12;
    public const int RegisterBufferRing = 22;
    public const byte OperationPollAdd = 6;
    public const byte OperationReceiveMessage = 10;
    public const byte OperationCancel = 14;
    public const byte OperationSend = 26;
    public const byte EntryFixedFile = 1 << 0;
    public const byte EntrySelectsBuffer = 1 << 5;
    public const byte EntrySkipsSuccess = 1 << 6;
    public const ushort ReceiveMultishot = 1 << 1;
    public const uint PollMultishot = 1 << 0;
    public const uint CancelAll = 1 << 0;
    public const uint CancelAny = 1 << 2;
    public const uint PollIn = 1;
    public const uint CompletionHasBuffer = 1 << 0;
    public const uint CompletionHasMore = 1 << 1;
    public const int CompletionBufferShift = 16;
    public const nint OffsetRings = 0;
    public const nint OffsetEntries = 0x1000_0000;
    public const int ProtectionReadWrite = 3;
    public const int MapShared = 1;
    public const int MapPrivateAnonymous = 0x22;
    public const int MapPopulate = 0x8000;
    private const string Library = "libc";
    private const nint SetupNumber = 425;
    private const nint EnterNumber = 426;
    private const nint RegisterNumber = 427;

    /// <summary>A descriptor, or a negated errno.</summary>
    public static int Setup(uint entries, UringParameters* parameters)
    {
        var result = SystemCall(SetupNumber, (nint)entries, (nint)parameters, 0, 0, 0, 0);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    /// <summary>How many entries were submitted, or a negated errno.</summary>
    public static int Enter(int ring, uint submitCount, uint completionsMin, uint flags, void* argument, nuint bytes)
    {
        var result = SystemCall(
            EnterNumber, ring, (nint)submitCount, (nint)completionsMin, (nint)flags, (nint)argument, (nint)bytes);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    /// <summary>0, or a negated errno.</summary>
    public static int Register(int ring, int operation, void* argument, uint count)
    {
        var result = SystemCall(RegisterNumber, ring, operation, (nint)argument, (nint)count, 0, 0);
        return result >= 0 ? (int)result : -Marshal.GetLastSystemError();
    }

    [LibraryImport(Library, EntryPoint = "mmap")]
    public static partial void* MapMemory(
        void* address, nuint bytes, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap")]
    public static partial int UnmapMemory(void* address, nuint bytes);

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
