using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Uring;

/// <summary>The kernel's io_uring_getevents_arg: how long an enter may wait.</summary>
[StructLayout(LayoutKind.Sequential, Size = 24)]
internal unsafe struct UringWait
{
    public void* SignalMask;
    public uint SignalMaskBytes;
    /// <summary>For so long the wanted number is waited for; afterwards one is enough (Linux 6.12).</summary>
    public uint MinWaitUs;
    public TimeSpec* Timeout;
}
