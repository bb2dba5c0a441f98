using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>
/// The kernel's struct mmsghdr on 64-bit Linux (64 bytes): a msghdr, which the C compiler pads to 56 bytes, and the
/// received length behind it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct MultiMessage
{
    public SockAddr* Name;
    public int NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
    private readonly int _padding;
    public uint Length;
}
