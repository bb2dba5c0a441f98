using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>The kernel's timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}
