namespace CallTracker.ControlPlane.Auth;

/// <summary>An operator (事業者) as it is kept. Immutable.</summary>
public sealed record OperatorRecord
{
    public ulong Version { get; init; }
    public required string OperatorId { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}
