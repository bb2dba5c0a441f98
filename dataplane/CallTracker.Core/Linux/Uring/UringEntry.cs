using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Uring;

/// <summary>The kernel's io_uring_sqe: one order to the kernel.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct UringEntry
{
    [FieldOffset(0)]
    public byte Operation;
    [FieldOffset(1)]
    public byte Flags;
    /// <summary>Of a receive: flags of its own (ioprio).</summary>
    [FieldOffset(2)]
    public ushort Option;
    [FieldOffset(4)]
    public int Descriptor;
    [FieldOffset(16)]
    public void* Address;
    /// <summary>Bytes; of a poll: flags of its own.</summary>
    [FieldOffset(24)]
    public uint Length;
    /// <summary>MSG_ flags, events of a poll, or flags of a cancellation.</summary>
    [FieldOffset(28)]
    public uint OperationFlags;
    /// <summary>Comes back with each completion.</summary>
    [FieldOffset(32)]
    public ulong Data;
    [FieldOffset(40)]
    public ushort BufferGroup;
}
