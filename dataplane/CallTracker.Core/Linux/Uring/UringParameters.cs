using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Uring;

/// <summary>
/// The kernel's io_uring_params: what is asked for, and where the two rings stand in their mapping.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
internal struct UringParameters
{
    [FieldOffset(0)]
    public uint EntryCount;
    [FieldOffset(4)]
    public uint CompletionCount;
    [FieldOffset(8)]
    public uint Flags;
    [FieldOffset(20)]
    public uint Features;
    [FieldOffset(40)]
    public uint SubmissionHead;
    [FieldOffset(44)]
    public uint SubmissionTail;
    [FieldOffset(48)]
    public uint SubmissionMask;
    [FieldOffset(64)]
    public uint SubmissionArray;
    [FieldOffset(80)]
    public uint CompletionHead;
    [FieldOffset(84)]
    public uint CompletionTail;
    [FieldOffset(88)]
    public uint CompletionMask;
    [FieldOffset(96)]
    public uint CompletionOverflow;
    [FieldOffset(100)]
    public uint Completions;
}
