using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>A classic filter program as the kernel takes it: struct sock_fprog.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfProgram
{
    public ushort Length;
    public BpfInstruction* Instructions;
}
