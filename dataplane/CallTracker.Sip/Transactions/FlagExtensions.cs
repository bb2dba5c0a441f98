namespace CallTracker.Sip.Transactions;

/// <summary>Reads single flags without boxing and without comparing to zero. Stateless.</summary>
internal static class FlagExtensions
{
    public static bool Has(this TransactionActions actions, TransactionActions wanted) =>
        (actions & wanted) != TransactionActions.None;

    public static bool Has(this TransactionFlags flags, TransactionFlags wanted) =>
        (flags & wanted) != TransactionFlags.None;
}
