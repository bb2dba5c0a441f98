using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace CallTracker.Media.Relay;

/// <summary>
/// The sessions of one worker, all slots made at start. A session id is slot and generation, so that an id kept too
/// long finds nothing instead of another call. Sides are numbered slot * 2 + side; the other side is that number xor 1.
/// </summary>
internal sealed class MediaSessionTable
{
    private const int SlotBits = 15;
    private const int SlotMask = (1 << SlotBits) - 1;
    private const int CacheLineBytes = 64;
    private readonly int[] _freeSlots;
    private int _freeCount;

    public MediaSessionTable(int pairCount)
    {
        var capacity = Math.Min(pairCount / 2, SlotMask + 1);
        Sessions = new MediaSession[capacity];
        Sides = new MediaSideState[capacity * 2];
        SideOfPair = new int[pairCount];
        Array.Fill(SideOfPair, -1);
        _freeSlots = new int[capacity];
        for (var i = 0; i < capacity; i++) _freeSlots[i] = capacity - 1 - i;
        _freeCount = capacity;
    }

    public MediaSession[] Sessions { get; }

    public MediaSideState[] Sides { get; }

    /// <summary>Side number by port pair; -1 for an idle pair.</summary>
    public int[] SideOfPair { get; }

    public int OpenCount => Sessions.Length - _freeCount;

    public bool TryTake(int user, out int slot)
    {
        slot = -1;
        if (_freeCount == 0) return false;
        slot = _freeSlots[--_freeCount];
        ref var session = ref Sessions[slot];
        session = new MediaSession { User = user, Generation = (ushort)(session.Generation + 1), IsOpen = true };
        return true;
    }

    public void Release(int slot)
    {
        Sessions[slot].IsOpen = false;
        _freeSlots[_freeCount++] = slot;
    }

    /// <summary>
    /// Has the processor fetch a side, and what a packet needs of the other one, while something else is done; nothing
    /// where it cannot be told to.
    /// </summary>
    public unsafe void Foresee(int side)
    {
        if (!Sse.IsSupported) return;
        // The array may move meanwhile: a fetch of what lies elsewhere by then does nothing.
        var start = (byte*)Unsafe.AsPointer(ref Sides[side]);
        for (var at = 0; at < Unsafe.SizeOf<MediaSideState>(); at += CacheLineBytes) Sse.Prefetch0(start + at);
        start = (byte*)Unsafe.AsPointer(ref Sides[side ^ 1]);
        Sse.Prefetch0(start);
        Sse.Prefetch0(start + CacheLineBytes);
    }

    public int IdOf(int slot) => (Sessions[slot].Generation << SlotBits) | slot;

    public bool TryFind(int id, out int slot)
    {
        slot = id & SlotMask;
        return id >= 0 && slot < Sessions.Length && Sessions[slot].IsOpen && IdOf(slot) == id;
    }
}
