using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>The kernel's <c>struct timespec</c> of 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;

    public static TimeSpec OfMicroseconds(long us) => new()
    {
        Seconds = us / 1_000_000,
        Nanoseconds = us % 1_000_000 * 1000,
    };
}
