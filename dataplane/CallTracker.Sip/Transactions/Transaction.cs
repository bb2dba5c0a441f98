using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Sip.Transactions;

/// <summary>One transaction with work to do; lives in a <see cref="TransactionSlab"/>.</summary>
internal struct Transaction
{
    /// <summary>
    /// Keyed hash of what identifies it; stands for the identity itself (<see cref="TransactionKeys"/>).
    /// </summary>
    public ulong Key;

    /// <summary>INVITE client: keyed hash of the To tag of the first 2xx, 0 before it.</summary>
    public ulong ToTagHash;
    public SipFlow Flow;
    public TimerHandle RetransmitTimer;
    public TimerHandle LifeTimer;
    public uint Generation;

    /// <summary>Next in the bucket or in the free list, index plus one.</summary>
    public int Next;
    public int User;
    public int IntervalMs;

    /// <summary>Client: the request. Server: the last response. 0 when nothing is kept.</summary>
    public int Kept;
    public TransactionKind Kind;
    public TransactionState State;
    public SipMethod Method;
    public TransactionFlags Flags;
}
