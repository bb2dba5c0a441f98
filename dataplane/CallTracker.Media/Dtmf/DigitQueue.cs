using System.Runtime.CompilerServices;

namespace CallTracker.Media.Dtmf;

/// <summary>
/// Keys that wait to be told to one side, in their order; the last one may still be down. Bounded: what comes when it
/// is full is refused, because a digit more is worth less than the order of those before.
/// </summary>
internal struct DigitQueue
{
    /// <summary>More than anyone keys in ahead; at the shortest they take three and a half seconds.</summary>
    public const int CountMax = 32;
    private const int Open = -1;
    private Entries _entries;
    private int _first;

    /// <summary>Keys that wait, the one being told among them.</summary>
    public int Count { get; private set; }

    /// <summary>The key to be told; only when there is one.</summary>
    public readonly byte Key => _entries[_first].Key;

    /// <summary>How long it was pressed; -1 while it is down.</summary>
    public readonly int DurationMs => _entries[_first].DurationMs;

    /// <summary>A key that is down; false when there is no room.</summary>
    public bool TryBegin(byte key) => TryAdd(key, Open);

    /// <summary>A key that was pressed; false when there is no room.</summary>
    public bool TryAdd(byte key, int durationMs)
    {
        if (Count == CountMax) return false;
        // Only the last one can be down.
        End(0);
        _entries[(_first + Count++) % CountMax] = new Entry(key, durationMs);
        return true;
    }

    /// <summary>The key that is down was let go; nothing when none is.</summary>
    public void End(int durationMs)
    {
        if (Count == 0) return;
        ref var last = ref _entries[(_first + Count - 1) % CountMax];
        if (last.DurationMs == Open) last = new Entry(last.Key, durationMs);
    }

    /// <summary>The first one was told.</summary>
    public void RemoveFirst()
    {
        _first = (_first + 1) % CountMax;
        Count--;
    }

    public void Clear() => (_first, Count) = (0, 0);

    private readonly record struct Entry(byte Key, int DurationMs);

    [InlineArray(CountMax)]
    private struct Entries
    {
        private Entry _first;
    }
}
