namespace CallTracker.ControlPlane.Auth;

/// <summary>An API key as it is kept and shown: whose it is and what it may do, never its text. Immutable.</summary>
public sealed record ApiKeyRecord
{
    public ulong Version { get; init; }
    public required string KeyId { get; init; }
    public required string OperatorId { get; init; }
    /// <summary>Set when the key sees one advertiser alone.</summary>
    public string? ClientId { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    /// <summary>The first characters of the key, to recognise it by.</summary>
    public string Hint { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
