namespace CallTracker.Backends.Shipping;

/// <summary>A row of the query for the highest numbers.</summary>
internal sealed record OperatorSequenceRow(string OperatorId, ulong SeqNum);
