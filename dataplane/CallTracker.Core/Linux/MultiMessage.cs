using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>The kernel's struct mmsghdr on 64-bit Linux (64 bytes): a msghdr and the received length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MultiMessage
{
    public SockAddr* Name;
    public int NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlLength;
    public int Flags;
    public uint Length;
}
