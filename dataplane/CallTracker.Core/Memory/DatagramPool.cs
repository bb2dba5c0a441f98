using System.Collections.Concurrent;

namespace CallTracker.Core.Memory;

/// <summary>
/// The receive buffers of one worker, all made at start in one pinned slab; it never grows. The owner rents and returns
/// without synchronisation; another worker gives back through a queue that the owner empties when it runs short.
/// Empty means: stop receiving until one comes back (the kernel's socket buffer holds the rest).
/// </summary>
public sealed class DatagramPool
{
    private readonly Datagram[] _free;
    private readonly ConcurrentQueue<Datagram> _returnedByOthers = new();
    private int _freeCount;

    /// <param name="count">Buffers: one receive batch, plus as many as mailboxes may hold.</param>
    /// <param name="capacity">Bytes of each.</param>
    public DatagramPool(int count, int capacity)
    {
        var slab = GC.AllocateUninitializedArray<byte>(count * capacity, pinned: true);
        _free = new Datagram[count];
        for (var i = 0; i < count; i++) _free[i] = new Datagram(this, slab, i * capacity, capacity);
        _freeCount = count;
    }

    /// <summary>Buffers not lent (approximate while other workers return some).</summary>
    public int Available => _freeCount + _returnedByOthers.Count;

    public int Count => _free.Length;

    /// <summary>Lends a buffer; null when all are out. Owner's thread only.</summary>
    public Datagram? TryRent()
    {
        if (_freeCount == 0) CollectReturned();
        return _freeCount == 0 ? null : _free[--_freeCount];
    }

    /// <summary>Takes a buffer back. Owner's thread only.</summary>
    public void Return(Datagram datagram) => _free[_freeCount++] = datagram;

    /// <summary>Takes a buffer back from any other thread.</summary>
    public void ReturnFromOtherThread(Datagram datagram) => _returnedByOthers.Enqueue(datagram);

    private void CollectReturned()
    {
        while (_freeCount < _free.Length && _returnedByOthers.TryDequeue(out var datagram)) Return(datagram);
    }
}
