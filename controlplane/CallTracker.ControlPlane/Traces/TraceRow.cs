namespace CallTracker.ControlPlane.Traces;

/// <summary>One row of sip_messages as read from ClickHouse. Immutable, lives while one ladder is read.</summary>
internal sealed record TraceRow
{
    public long TimeUs { get; init; }
    public string NodeId { get; init; } = "";
    public string Direction { get; init; } = "";
    public byte Attempt { get; init; }
    public string Transport { get; init; } = "";
    public string Local { get; init; } = "";
    public string Remote { get; init; } = "";
    public string Cause { get; init; } = "";
    public int Missing { get; init; }
    /// <summary>Base64 of the sealed message.</summary>
    public string Message { get; init; } = "";
}
