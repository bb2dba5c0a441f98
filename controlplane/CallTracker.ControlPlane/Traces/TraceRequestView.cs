namespace CallTracker.ControlPlane.Traces;

/// <summary>An order to keep calls as the API shows it.</summary>
public sealed record TraceRequestView
{
    public required string TraceId { get; init; }
    /// <summary>Tracking number; absent when all of the operator's are meant.</summary>
    public string? DinId { get; init; }
    /// <summary>
    /// The caller's number, in clear for keys with pii:read, else <c>***</c>; absent for all callers.
    /// </summary>
    public string? Caller { get; init; }
    public string? Note { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}
