namespace CallTracker.Sip.Transactions;

/// <summary>One arrow of a machine: where it leads and what is to be done on the way.</summary>
internal readonly record struct TransactionStep(TransactionState Next, TransactionActions Actions);
