using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux.Uring;

/// <summary>The kernel's io_uring_cqe: what became of an order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct UringCompletion
{
    /// <summary>The order's <see cref="UringEntry.Data"/>.</summary>
    public readonly ulong Data;
    /// <summary>Bytes, events or 0; or a negated errno.</summary>
    public readonly int Result;
    private readonly uint _flags;

    /// <summary>False when the order is over: a multishot one must be given again.</summary>
    public bool HasMore => (_flags & UringCall.CompletionHasMore) != 0;

    /// <summary>True when a buffer of the ring is lent with it.</summary>
    public bool HasBuffer => (_flags & UringCall.CompletionHasBuffer) != 0;

    public int Buffer => (int)(_flags >> UringCall.CompletionBufferShift);
}
