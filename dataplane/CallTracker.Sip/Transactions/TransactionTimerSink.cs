using CallTracker.Core.Time;

namespace CallTracker.Sip.Transactions;

/// <summary>
/// Turns a timer that fires into the input of its transaction's machine. A value, on the worker's thread.
/// </summary>
internal readonly struct TransactionTimerSink<TUser, TTransport>(TransactionRunner<TUser, TTransport> runner)
    : ITimerSink
    where TUser : struct, ITransactionUser
    where TTransport : struct, ISipTransport
{
    public void OnTimer(ushort kind, int owner, TimerHandle handle)
    {
        ref var tx = ref runner.Tables.Slab[owner];
        // A timer ends with its transaction, so its handle is still the owner's; it is spent now.
        if (kind == TransactionTables.RetransmitTimerKind) tx.RetransmitTimer = default;
        else tx.LifeTimer = default;
        var input = kind switch
        {
            TransactionTables.RetransmitTimerKind => TransactionInput.RetransmitTimer,
            TransactionTables.GiveUpTimerKind => TransactionInput.GiveUpTimer,
            _ => TransactionInput.LingerTimer,
        };
        runner.Run(owner, input, default, message: null);
    }
}
