namespace CallTracker.ControlPlane.Auth;

/// <summary>
/// An API key in its operator's list: the record and the hash by which it is found. Never leaves the store.
/// </summary>
public sealed record StoredApiKey
{
    public ulong Version { get; init; }
    public required string Sha256 { get; init; }
    public required ApiKeyRecord Record { get; init; }
}
