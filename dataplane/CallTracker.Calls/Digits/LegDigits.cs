using System.Runtime.CompilerServices;

namespace CallTracker.Calls.Digits;

/// <summary>
/// Digits that a leg's peer is to be told by INFO: one at a time, because two on their way may change places. Bounded.
/// Part of its leg.
/// </summary>
internal struct LegDigits
{
    /// <summary>Digits that wait, the one on its way among them; more are lost and counted.</summary>
    public const int CountMax = 16;
    private Entries _entries;
    private byte _first;

    public byte Count { get; private set; }

    /// <summary>True while an INFO of ours waits for its answer.</summary>
    public bool IsPending;

    /// <summary>How the peer likes them: as it sends its own, or after 415 the other way.</summary>
    public DigitForm Form;

    /// <summary>The oldest; only when there is one.</summary>
    public readonly (byte Key, ushort DurationMs) First => _entries[_first];

    public bool TryAdd(byte key, int durationMs)
    {
        if (Count == CountMax) return false;
        _entries[(_first + Count++) % CountMax] = (key, (ushort)Math.Clamp(durationMs, 1, ushort.MaxValue));
        return true;
    }

    public void RemoveFirst()
    {
        if (Count == 0) return;
        _first = (byte)((_first + 1) % CountMax);
        Count--;
    }

    [InlineArray(CountMax)]
    private struct Entries
    {
        private (byte, ushort) _first;
    }
}
