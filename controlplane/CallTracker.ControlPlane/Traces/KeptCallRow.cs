namespace CallTracker.ControlPlane.Traces;

/// <summary>A call with kept messages as read from ClickHouse. Immutable, lives while one list is read.</summary>
internal sealed record KeptCallRow(string TrnId, string NodeId, long StartedMs, byte InProgress, int Messages);
