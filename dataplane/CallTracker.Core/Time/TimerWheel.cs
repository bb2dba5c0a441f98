namespace CallTracker.Core.Time;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck, 1987) with four levels of 256 slots and a tick of
/// <see cref="TickMs"/>: schedule, cancel and fire are O(1) and allocate nothing after the nodes have grown to the
/// working size.
/// Owned by one worker thread; reads no clock. Timers never fire early, and at most one tick late plus the caller's
/// delay.
/// </summary>
public sealed class TimerWheel
{
    /// <summary>Resolution in milliseconds.</summary>
    public const int TickMs = 4;
    private const int SlotBits = 8;
    private const int SlotCount = 1 << SlotBits;
    private const int LevelCount = 4;
    private const int None = -1;
    // Far beyond any process's life, and still no overflow when a time is added.
    private const long DelayMsMax = 1L << 60;
    private readonly int[] _heads = new int[SlotCount * LevelCount];
    private readonly int _capacityMax;
    private Node[] _nodes;
    private int _free = None;
    private long _tick;

    /// <param name="nowMs">Monotonic time of the first tick.</param>
    /// <param name="capacity">Nodes made at start.</param>
    /// <param name="capacityMax">Nodes it may grow to; beyond, <see cref="Schedule"/> throws, because pools bound the
    /// owners.</param>
    public TimerWheel(long nowMs, int capacity, int capacityMax)
    {
        _tick = nowMs / TickMs;
        _capacityMax = Math.Max(capacity, capacityMax);
        Array.Fill(_heads, None);
        _nodes = new Node[capacity];
        AddFree(0, capacity);
    }

    /// <summary>Timers pending.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a timer that fires <paramref name="delayMs"/> after <paramref name="nowMs"/>.</summary>
    public TimerHandle Schedule(long nowMs, long delayMs, ushort kind, int owner)
    {
        if (_free == None) Grow();
        var index = _free;
        ref var node = ref _nodes[index];
        _free = node.Next;
        node.DueTick = (nowMs + Math.Clamp(delayMs, 0, DelayMsMax) + TickMs - 1) / TickMs;
        if (node.DueTick <= _tick) node.DueTick = _tick + 1;
        node.Kind = kind;
        node.Owner = owner;
        Link(index, ref node);
        Count++;
        return new TimerHandle(index + 1, node.Generation);
    }

    /// <summary>
    /// Stops a timer; false when it has fired or was stopped before. The handle is cleared either way.
    /// </summary>
    public bool Cancel(ref TimerHandle handle)
    {
        var (slot, generation) = handle;
        handle = default;
        if (slot == 0 || _nodes[slot - 1].Generation != generation) return false;
        Unlink(ref _nodes[slot - 1]);
        Release(slot - 1);
        return true;
    }

    /// <summary>
    /// Fires every timer due at <paramref name="nowMs"/>, in order of ticks. The sink may schedule and cancel.
    /// </summary>
    public void Advance<TSink>(long nowMs, ref TSink sink)
        where TSink : ITimerSink
    {
        var target = nowMs / TickMs;
        while (_tick < target)
        {
            if (Count == 0)
            {
                _tick = target;
                return;
            }
            _tick++;
            Cascade();
            FireSlot(ref sink);
        }
    }

    /// <summary>
    /// Milliseconds until the next slot that can hold a due timer (a lower bound), or -1 when none is pending.
    /// </summary>
    public int NextDelayMs(long nowMs)
    {
        if (Count == 0) return -1;
        for (var ahead = 1; ahead <= SlotCount; ahead++)
        {
            var tick = _tick + ahead;
            var wraps = (tick & (SlotCount - 1)) == 0;
            if (!wraps && _heads[tick & (SlotCount - 1)] == None) continue;
            return (int)Math.Max(0, (tick * TickMs) - nowMs);
        }
        return SlotCount * TickMs;
    }

    private void FireSlot<TSink>(ref TSink sink)
        where TSink : ITimerSink
    {
        var head = (int)(_tick & (SlotCount - 1));
        while (_heads[head] != None)
        {
            var index = _heads[head];
            ref var node = ref _nodes[index];
            var (kind, owner, handle) = (node.Kind, node.Owner, new TimerHandle(index + 1, node.Generation));
            Unlink(ref node);
            Release(index);
            sink.OnTimer(kind, owner, handle);
        }
    }

    // When a level wraps, the next slot of the level above is dealt out again, nearer to its time.
    private void Cascade()
    {
        var tick = _tick;
        for (var level = 1; level < LevelCount; level++)
        {
            if ((tick & (SlotCount - 1)) != 0) return;
            tick >>= SlotBits;
            var head = (level * SlotCount) + (int)(tick & (SlotCount - 1));
            var index = _heads[head];
            _heads[head] = None;
            while (index != None)
            {
                ref var node = ref _nodes[index];
                var next = node.Next;
                Link(index, ref node);
                index = next;
            }
        }
    }

    private void Link(int index, ref Node node)
    {
        var distance = node.DueTick - _tick;
        var level = 0;
        while (level < LevelCount - 1 && distance >= 1L << (SlotBits * (level + 1))) level++;
        var due = Math.Min(node.DueTick, _tick + (1L << (SlotBits * LevelCount)) - 1);
        node.Head = (level * SlotCount) + (int)((due >> (SlotBits * level)) & (SlotCount - 1));
        node.Previous = None;
        node.Next = _heads[node.Head];
        if (node.Next != None) _nodes[node.Next].Previous = index;
        _heads[node.Head] = index;
    }

    private void Unlink(ref Node node)
    {
        if (node.Previous == None) _heads[node.Head] = node.Next;
        else _nodes[node.Previous].Next = node.Next;
        if (node.Next != None) _nodes[node.Next].Previous = node.Previous;
    }

    private void Release(int index)
    {
        ref var node = ref _nodes[index];
        node.Generation++;
        node.Next = _free;
        _free = index;
        Count--;
    }

    private void Grow()
    {
        var old = _nodes.Length;
        if (old >= _capacityMax) throw new InvalidOperationException("The timer wheel is at its bound.");
        Array.Resize(ref _nodes, Math.Min(_capacityMax, Math.Max(old * 2, 64)));
        AddFree(old, _nodes.Length);
    }

    private void AddFree(int from, int to)
    {
        for (var i = to - 1; i >= from; i--)
        {
            _nodes[i].Next = _free;
            _nodes[i].Generation = 1;
            _free = i;
        }
    }

    private struct Node
    {
        public long DueTick;
        public int Next;
        public int Previous;
        public int Head;
        public int Owner;
        public uint Generation;
        public ushort Kind;
    }
}
