namespace CallTracker.Sip.Transactions;

/// <summary>Picks the table of a transaction. Pure.</summary>
internal static class TransactionMachines
{
    public static TransactionStep Next(TransactionKind kind, TransactionState state, TransactionInput input) =>
        kind switch
        {
            TransactionKind.InviteClient => InviteClientTransaction.Next(state, input),
            TransactionKind.NonInviteClient => NonInviteClientTransaction.Next(state, input),
            TransactionKind.InviteServer => InviteServerTransaction.Next(state, input),
            _ => NonInviteServerTransaction.Next(state, input),
        };

    public static TransactionInput InputOf(int statusCode) => statusCode switch
    {
        < 200 => TransactionInput.Provisional,
        < 300 => TransactionInput.Success,
        _ => TransactionInput.Failure,
    };
}
