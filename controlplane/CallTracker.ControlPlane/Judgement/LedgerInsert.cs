namespace CallTracker.ControlPlane.Judgement;

/// <summary>
/// One insert into the ledger, ready to be sent, and sent again with the same token when its fate is unknown.
/// </summary>
/// <param name="Rows">RowBinary.</param>
/// <param name="Token">The deduplication token: a hash of the rows.</param>
/// <param name="After">The position before its first row.</param>
/// <param name="To">The position of its last row.</param>
internal sealed record LedgerInsert(ReadOnlyMemory<byte> Rows, string Token, ulong After, ulong To);
