namespace CallTracker.Sip.Transactions;

/// <summary>
/// Names one transaction of one layer; the default value names none. A spent handle is recognised by its generation.
/// </summary>
/// <param name="Slot">Index in the slab plus one; negative for a lingering transaction.</param>
/// <param name="Generation">Counts the slot's uses.</param>
public readonly record struct TransactionHandle(int Slot, uint Generation)
{
    public bool IsNone => Slot == 0;

    internal int Index => Slot - 1;

    internal bool IsLingering => Slot < 0;

    internal int LingeringIndex => ~Slot;
}
