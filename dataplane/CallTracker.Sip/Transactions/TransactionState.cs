namespace CallTracker.Sip.Transactions;

/// <summary>The states of the four machines (RFC 3261 figures 5 to 8, RFC 6026).</summary>
internal enum TransactionState : byte
{
    Calling,
    Trying,
    Proceeding,
    Accepted,
    Completed,
    Confirmed,
    Terminated,
}
