namespace CallTracker.Sip.Transactions;

/// <summary>
/// What the user is told of a transaction, taken before the arrow: afterwards its slot may be another's.
/// </summary>
internal readonly struct ToldTransaction(TransactionHandle handle, in Transaction tx)
{
    public TransactionHandle Handle { get; } = handle;

    public int User { get; } = tx.User;

    /// <summary>What a timeout would mean in the state before the arrow.</summary>
    public SipTimeout Timeout { get; } = TimeoutOf(tx);

    public bool IsOwn { get; } = tx.Flags.Has(TransactionFlags.IsOwn);

    public bool IsCancelHeld { get; } = tx.Flags.Has(TransactionFlags.CancelHeld);

    private static SipTimeout TimeoutOf(in Transaction tx) => (tx.Kind, tx.State) switch
    {
        (TransactionKind.InviteClient, TransactionState.Calling) => SipTimeout.NoResponseToInvite,
        (TransactionKind.InviteClient, _) => SipTimeout.NoFinalResponseAfterCancel,
        (TransactionKind.InviteServer, TransactionState.Accepted) => SipTimeout.NoAckTo2xx,
        (TransactionKind.InviteServer, _) => SipTimeout.NoAck,
        (TransactionKind.NonInviteServer, _) => SipTimeout.NotAnswered,
        _ => SipTimeout.NoFinalResponse,
    };
}
