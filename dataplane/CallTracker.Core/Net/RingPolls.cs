using CallTracker.Core.Linux;
using CallTracker.Core.Linux.Uring;

namespace CallTracker.Core.Net;

/// <summary>
/// A few descriptors that a <see cref="DatagramRing"/> waits for by itself, each by an order of its own, so that no
/// epoll is asked for them. Level-triggered: an order is over with its completion and is given again before the next
/// wait, where the kernel completes it at once for what is still readable. Owned by one ring.
/// </summary>
internal sealed unsafe class RingPolls
{
    /// <summary>How many there can be.</summary>
    public const int CountMax = 4;
    private readonly int[] _descriptors = new int[CountMax];
    private readonly ulong[] _data = new ulong[CountMax];
    // What the last completion told; 0: nothing that was not handed out.
    private readonly uint[] _ready = new uint[CountMax];
    private readonly bool[] _areArmed = new bool[CountMax];
    private int _count;

    /// <summary>True when one is ready that was not handed out yet.</summary>
    public bool AreReady { get; private set; }

    /// <summary>Orders that the kernel has.</summary>
    public int ArmedCount { get; private set; }

    /// <summary>Adds a descriptor; false when there are as many as can be.</summary>
    public bool TryAdd(int descriptor, ulong data)
    {
        if (_count == CountMax) return false;
        _descriptors[_count] = descriptor;
        _data[_count++] = data;
        return true;
    }

    /// <summary>Gives the orders that are over again; those that find no room the next time.</summary>
    /// <param name="ring">Where to.</param>
    /// <param name="mark">The completions' data, with the poll's number added.</param>
    public void Arm(IoUring ring, ulong mark)
    {
        if (ArmedCount == _count) return;
        for (var i = 0; i < _count; i++)
        {
            if (_areArmed[i] || _ready[i] != 0) continue;
            var entry = ring.TryTakeEntry(out _);
            if (entry == null) return;
            entry->Operation = UringCall.OperationPollAdd;
            entry->Descriptor = _descriptors[i];
            entry->OperationFlags = UringCall.PollIn;
            entry->Data = mark + (uint)i;
            _areArmed[i] = true;
            ArmedCount++;
        }
    }

    /// <summary>An order is over, by an event or by the ring's end.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="result">The events, or a negated errno.</param>
    public void OnDone(int number, int result)
    {
        _areArmed[number] = false;
        ArmedCount--;
        if (result <= 0) return;
        _ready[number] = (uint)result;
        AreReady = true;
    }

    /// <summary>Hands out what is ready, each once for each completion; how many.</summary>
    public int Take(Span<EpollEvent> events)
    {
        AreReady = false;
        var taken = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_ready[i] == 0) continue;
            if (taken == events.Length)
            {
                AreReady = true;
                return taken;
            }
            events[taken++] = new EpollEvent { Events = _ready[i], Data = _data[i] };
            _ready[i] = 0;
        }
        return taken;
    }
}
