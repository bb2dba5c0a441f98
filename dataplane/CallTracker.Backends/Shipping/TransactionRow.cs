namespace CallTracker.Backends.Shipping;

/// <summary>A row of the query for calls that are present already.</summary>
internal sealed record TransactionRow(string TrnId);
