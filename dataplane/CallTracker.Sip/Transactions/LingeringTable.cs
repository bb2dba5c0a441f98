using System.Numerics;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// The lingering transactions: a hash table and one queue per time to linger instead of timers. Grows by doubling to
/// its bound; at the bound the one due next is forgotten early. Owned by one worker thread.
/// </summary>
internal sealed class LingeringTable
{
    private readonly int _countMax;
    private readonly int[] _buckets;
    private readonly MessageStore _store;
    private readonly long _startMs;
    private readonly Queue[] _queues = new Queue[3];
    private LingeringTransaction[] _slots;
    private int _free;

    public LingeringTable(int countMax, MessageStore store, long startMs)
    {
        _countMax = countMax;
        _store = store;
        _startMs = startMs;
        _slots = new LingeringTransaction[Math.Min(countMax, 1024)];
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)countMax)];
        AddFree(0);
    }

    /// <summary>Slots in use; one that was dropped keeps its slot until it is due.</summary>
    public int Count { get; private set; }

    public ref LingeringTransaction this[int index] => ref _slots[index];

    public int Find(ulong key)
    {
        var at = _buckets[BucketOf(key)];
        while (at != 0 && _slots[at - 1].Key != key) at = _slots[at - 1].Next;
        return at - 1;
    }

    /// <summary>The slot of a live handle, or -1.</summary>
    public int Find(TransactionHandle handle)
    {
        var index = handle.LingeringIndex;
        if ((uint)index >= (uint)_slots.Length) return -1;
        ref var slot = ref _slots[index];
        return slot.Generation == handle.Generation && slot.Kind != TransactionKind.None ? index : -1;
    }

    public TransactionHandle HandleOf(int index) => new(~index, _slots[index].Generation);

    /// <summary>Takes over an ended transaction; true when another was forgotten early to make room.</summary>
    public bool Add(in LingeringTransaction ended, LingerTime time, long nowMs, int lingerMs)
    {
        var isForced = _free == 0 && !TryGrow();
        if (isForced) ForgetNext();
        var index = _free - 1;
        ref var slot = ref _slots[index];
        _free = slot.Next;
        var generation = slot.Generation;
        slot = ended;
        slot.Generation = generation;
        slot.DueMs = SinceStart(nowMs + lingerMs);
        ref var bucket = ref _buckets[BucketOf(slot.Key)];
        slot.Next = bucket;
        bucket = index + 1;
        Enqueue(ref _queues[(int)time], index);
        Count++;
        return isForced;
    }

    /// <summary>Ends one before its time.</summary>
    public void Drop(int index)
    {
        ref var slot = ref _slots[index];
        if (slot.Kind == TransactionKind.None) return;
        ref var link = ref _buckets[BucketOf(slot.Key)];
        while (link != index + 1) link = ref _slots[link - 1].Next;
        link = slot.Next;
        slot.Kind = TransactionKind.None;
        slot.Generation++;
        _store.Forget(slot.Kept);
        slot.Kept = 0;
    }

    /// <summary>Forgets all that are due.</summary>
    public void Advance(long nowMs)
    {
        var now = SinceStart(nowMs);
        for (var i = 0; i < _queues.Length; i++)
        {
            ref var queue = ref _queues[i];
            while (queue.Head != 0 && (int)(_slots[queue.Head - 1].DueMs - now) <= 0) ForgetHead(ref queue);
        }
    }

    /// <summary>Milliseconds until the next is due, or -1 when none lingers.</summary>
    public int NextDelayMs(long nowMs)
    {
        var next = NextQueue();
        if (next < 0) return -1;
        var delayMs = (int)(_slots[_queues[next].Head - 1].DueMs - SinceStart(nowMs));
        return Math.Max(0, delayMs);
    }

    private int BucketOf(ulong key) => (int)key & (_buckets.Length - 1);

    private uint SinceStart(long atMs) => unchecked((uint)(atMs - _startMs));

    private void ForgetNext() => ForgetHead(ref _queues[NextQueue()]);

    private int NextQueue()
    {
        var next = -1;
        for (var i = 0; i < _queues.Length; i++)
        {
            if (_queues[i].Head == 0) continue;
            if (next < 0 || (int)(HeadDue(i) - HeadDue(next)) < 0) next = i;
        }
        return next;
    }

    private uint HeadDue(int queue) => _slots[_queues[queue].Head - 1].DueMs;

    private void Enqueue(ref Queue queue, int index)
    {
        _slots[index].QueueNext = 0;
        if (queue.Head == 0) queue.Head = index + 1;
        else _slots[queue.Tail - 1].QueueNext = index + 1;
        queue.Tail = index + 1;
    }

    private void ForgetHead(ref Queue queue)
    {
        var index = queue.Head - 1;
        queue.Head = _slots[index].QueueNext;
        Drop(index);
        _slots[index].Next = _free;
        _free = index + 1;
        Count--;
    }

    private bool TryGrow()
    {
        var old = _slots.Length;
        if (old >= _countMax) return false;
        Array.Resize(ref _slots, Math.Min(_countMax, old * 2));
        AddFree(old);
        return true;
    }

    private void AddFree(int from)
    {
        for (var i = _slots.Length - 1; i >= from; i--)
        {
            _slots[i].Next = _free;
            _slots[i].Generation = 1;
            _free = i + 1;
        }
    }

    private struct Queue
    {
        public int Head;
        public int Tail;
    }
}
