namespace CallTracker.ControlPlane.ApiKeys;

/// <summary>What a client sends to make an API key.</summary>
public sealed record ApiKeyBody
{
    /// <summary>A name to recognise the key by, 1 to 200 characters.</summary>
    public required string Name { get; init; }
    /// <summary>At least one scope; none that the asking key lacks.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }
    /// <summary>Binds the key to one advertiser.</summary>
    public string? ClientId { get; init; }
    /// <summary>ISO 8601 with offset; without it the key does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
