namespace CallTracker.ControlPlane.Traces;

/// <summary>What a client sends to have calls kept; at least one of number and caller.</summary>
public sealed record TraceRequestBody
{
    /// <summary>The tracking number that is called, in any written form.</summary>
    public string? DinId { get; init; }
    /// <summary>The caller's number, in any written form.</summary>
    public string? Caller { get; init; }
    /// <summary>How long: 1 minute to 7 days.</summary>
    public int Minutes { get; init; } = 60;
    /// <summary>Why, for those who look at the list; up to 200 characters.</summary>
    public string? Note { get; init; }
}
