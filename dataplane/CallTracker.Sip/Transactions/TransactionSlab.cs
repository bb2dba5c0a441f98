namespace CallTracker.Sip.Transactions;

/// <summary>
/// The active transactions and the hash table over their keys. Grows by doubling to its bound; references into it are
/// void after any call that can open a transaction. Owned by one worker thread.
/// </summary>
internal sealed class TransactionSlab
{
    private readonly int _countMax;
    private readonly int[] _buckets;
    private Transaction[] _slots;
    private int _free;

    public TransactionSlab(int countMax)
    {
        _countMax = countMax;
        _slots = new Transaction[Math.Min(countMax, 256)];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)countMax)];
        AddFree(0);
    }

    public int Count { get; private set; }

    public bool IsFull => Count == _countMax;

    /// <summary>True when less than an eighth of the bound is left.</summary>
    public bool IsNearBound => Count >= _countMax - (_countMax / 8);

    public ref Transaction this[int index] => ref _slots[index];

    /// <summary>The slot of a live handle, or -1.</summary>
    public int Find(TransactionHandle handle)
    {
        var index = handle.Index;
        if ((uint)index >= (uint)_slots.Length) return -1;
        ref var slot = ref _slots[index];
        return slot.Generation == handle.Generation && slot.Kind != TransactionKind.None ? index : -1;
    }

    public int Find(ulong key)
    {
        var at = _buckets[BucketOf(key)];
        while (at != 0 && _slots[at - 1].Key != key) at = _slots[at - 1].Next;
        return at - 1;
    }

    public TransactionHandle HandleOf(int index) => new(index + 1, _slots[index].Generation);

    /// <summary>A cleared slot in the table, or -1 at the bound.</summary>
    public int Open(ulong key, TransactionKind kind)
    {
        if (_free == 0 && !TryGrow()) return -1;
        var index = _free - 1;
        ref var slot = ref _slots[index];
        _free = slot.Next;
        slot = new Transaction { Key = key, Kind = kind, Generation = slot.Generation };
        ref var bucket = ref _buckets[BucketOf(key)];
        slot.Next = bucket;
        bucket = index + 1;
        Count++;
        return index;
    }

    public void Close(int index)
    {
        ref var slot = ref _slots[index];
        ref var link = ref _buckets[BucketOf(slot.Key)];
        while (link != index + 1) link = ref _slots[link - 1].Next;
        link = slot.Next;
        slot.Kind = TransactionKind.None;
        slot.Generation++;
        slot.Next = _free;
        _free = index + 1;
        Count--;
    }

    private int BucketOf(ulong key) => (int)key & (_buckets.Length - 1);

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
}
