namespace CallTracker.Core.Linux.Uring;

/// <summary>
/// A ring of equal buffers that the kernel fills by itself (IORING_REGISTER_PBUF_RING): each completion with a buffer
/// lends one to the ring's owner, who gives it back. One thread uses it.
/// </summary>
internal sealed unsafe class UringBuffers : IDisposable
{
    private const int SlotBytes = 16;
    private const int TailOffset = 14;
    private const int PageBytes = 4096;
    private readonly byte* _slots;
    private readonly byte* _start;
    private readonly nuint _mappedBytes;
    private readonly int _count;
    private readonly int _stride;
    private readonly int _fillBytes;
    private ushort _tail;
    private bool _disposed;

    /// <param name="count">A power of two, 32,768 at most.</param>
    /// <param name="fillBytes">Bytes of each buffer that the kernel may fill.</param>
    /// <param name="roomBytes">Bytes behind these that are left to the owner.</param>
    public UringBuffers(int count, int fillBytes, int roomBytes)
    {
        _count = count;
        _fillBytes = fillBytes;
        // Whole cache lines: two buffers share none.
        _stride = (fillBytes + roomBytes + 63) & ~63;
        var slotsBytes = ((count * SlotBytes) + PageBytes - 1) & ~(PageBytes - 1);
        _mappedBytes = (nuint)(slotsBytes + (count * _stride));
        var map = UringCall.MapMemory(
            null, _mappedBytes, UringCall.ProtectionReadWrite, UringCall.MapPrivateAnonymous, -1, 0);
        if ((nint)map == -1) throw new IOException("A ring of buffers cannot be mapped.");
        _slots = (byte*)map;
        _start = _slots + slotsBytes;
    }

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <summary>Gives the kernel all buffers. 0, or a negated errno.</summary>
    public int Register(IoUring ring, ushort group)
    {
        var result = ring.RegisterBuffers(_slots, _count, group);
        if (result < 0) return result;
        for (var i = 0; i < _count; i++) Return(i);
        Publish();
        return 0;
    }

    /// <summary>Where a buffer begins.</summary>
    public byte* At(int buffer) => _start + ((nint)buffer * _stride);

    /// <summary>True when an address is inside one of the buffers.</summary>
    public bool Holds(byte* address) => (nuint)(address - _start) < (nuint)((nint)_count * _stride);

    /// <summary>Gives a buffer back; the kernel sees it at the next <see cref="Publish"/>.</summary>
    public void Return(int buffer)
    {
        // struct io_uring_buf { u64 addr; u32 len; u16 bid; u16 resv; }; resv of the first slot is the ring's tail.
        var slot = _slots + ((_tail & (_count - 1)) * SlotBytes);
        *(byte**)slot = At(buffer);
        *(uint*)(slot + 8) = (uint)_fillBytes;
        *(ushort*)(slot + 12) = (ushort)buffer;
        _tail++;
    }

    public void Publish() => Volatile.Write(ref *(ushort*)(_slots + TailOffset), _tail);

    /// <summary>After the ring was closed, never before.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _ = UringCall.UnmapMemory(_slots, _mappedBytes);
    }
}
