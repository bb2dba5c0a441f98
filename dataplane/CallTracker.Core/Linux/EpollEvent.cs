using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>
/// The kernel's epoll_event: packed to 12 bytes on x86-64 (natural, 16 bytes, on arm64, which is not supported).
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EpollEvent
{
    /// <summary>The bit of <see cref="Events"/> that says that an error waits (EPOLLERR).</summary>
    public const uint Error = 0x008;
    /// <summary>EPOLLIN and the like.</summary>
    public uint Events;
    /// <summary>What the owner registered the descriptor with.</summary>
    public ulong Data;
}
