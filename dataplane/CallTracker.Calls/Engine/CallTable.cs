using Microsoft.Extensions.ObjectPool;

namespace CallTracker.Calls.Engine;

/// <summary>
/// The calls of one worker by slot; fixed capacity. Call objects are made on first need and pooled. A full table is
/// answered with 503 by the step that asked.
/// </summary>
internal sealed class CallTable
{
    private readonly Call?[] _calls;
    private readonly byte[] _generations;
    private readonly Stack<int> _freeSlots;
    private readonly ObjectPool<Call> _pool;

    public CallTable(int capacity)
    {
        _calls = new Call?[capacity];
        _generations = new byte[capacity];
        _freeSlots = new Stack<int>(capacity);
        for (var slot = capacity - 1; slot >= 0; slot--) _freeSlots.Push(slot);
        _pool = new DefaultObjectPool<Call>(new DefaultPooledObjectPolicy<Call>(), capacity);
    }

    public int Count => _calls.Length - _freeSlots.Count;

    public int Capacity => _calls.Length;

    public Call? TryAdd()
    {
        if (!_freeSlots.TryPop(out var slot)) return null;
        var call = _pool.Get();
        call.Slot = slot;
        call.Generation = (byte)(++_generations[slot] & 0x7f);
        _calls[slot] = call;
        return call;
    }

    /// <summary>The call in a slot, or null when the slot is free or out of range.</summary>
    public Call? At(int slot) => (uint)slot < (uint)_calls.Length ? _calls[slot] : null;

    /// <summary>The call a transaction belongs to; null when that call is gone.</summary>
    public Call? Find(CallRef reference)
    {
        var call = At(reference.Slot);
        return call is not null && call.Generation == reference.Generation ? call : null;
    }

    /// <summary>Frees the slot; the call must have been reset.</summary>
    public void Remove(Call call)
    {
        _calls[call.Slot] = null;
        _freeSlots.Push(call.Slot);
        _pool.Return(call);
    }
}
