namespace CallTracker.Sip.Transactions;

/// <summary>
/// A transaction that only answers repetitions: 32 bytes, and what of its last message cannot be taken from the
/// repetition itself (<see cref="KeptResponse"/>, <see cref="KeptAck"/>).
/// </summary>
internal struct LingeringTransaction
{
    public ulong Key;

    /// <summary>Next in the bucket or in the free list, index plus one.</summary>
    public int Next;

    /// <summary>Next in the queue of those with the same time to linger, index plus one.</summary>
    public int QueueNext;

    /// <summary>
    /// When it is forgotten, in milliseconds since the layer's start; compared by distance, so it may wrap.
    /// </summary>
    public uint DueMs;
    public int Kept;
    public int User;
    public ushort Generation;
    public TransactionKind Kind;
    public TransactionState State;
}
