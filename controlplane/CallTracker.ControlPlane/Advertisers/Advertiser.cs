namespace CallTracker.ControlPlane.Advertisers;

/// <summary>An advertiser (広告主) as it is kept and shown. Immutable.</summary>
public sealed record Advertiser
{
    public ulong Version { get; init; }
    /// <summary>1 to 64 of A-Z a-z 0-9 _ -; made by the server when not given. Never changes.</summary>
    public required string ClientId { get; init; }
    public required string ClientName { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}
