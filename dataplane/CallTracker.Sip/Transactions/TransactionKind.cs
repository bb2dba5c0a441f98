namespace CallTracker.Sip.Transactions;

/// <summary>The four machines of RFC 3261 section 17.</summary>
internal enum TransactionKind : byte
{
    None = 0,
    InviteClient,
    NonInviteClient,
    InviteServer,
    NonInviteServer,
}
