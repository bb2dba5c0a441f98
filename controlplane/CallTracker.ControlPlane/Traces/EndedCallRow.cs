namespace CallTracker.ControlPlane.Traces;

/// <summary>What the reason for a missing ladder is found by, as read from call_records. Immutable.</summary>
internal sealed record EndedCallRow(string DialStat, long EocTms);
