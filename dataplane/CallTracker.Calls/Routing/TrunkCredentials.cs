namespace CallTracker.Calls.Routing;

/// <summary>
/// The digest user of a trunk, in UTF-8. Immutable, made by the backends; not a record, so that nothing prints it.
/// </summary>
public sealed class TrunkCredentials
{
    public required byte[] Username { get; init; }
    public required byte[] Secret { get; init; }
    /// <summary>The realm to challenge with and to answer; empty: ours, and any.</summary>
    public byte[] Realm { get; init; } = [];
}
