using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>The kernel's struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}
