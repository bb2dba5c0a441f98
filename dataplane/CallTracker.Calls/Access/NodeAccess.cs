using System.Security.Cryptography;
using CallTracker.Calls.Registration;

namespace CallTracker.Calls.Access;

/// <summary>
/// What the workers of a node share about who may come in: realm, key of the nonces, bindings of those who registered,
/// and the guard against guessing. Made once by the node; every part may be used by any thread.
/// </summary>
public sealed class NodeAccess
{
    /// <summary>The realm of trunks that have none of their own.</summary>
    public byte[] Realm { get; init; } = "calltracker"u8.ToArray();

    /// <summary>
    /// True to offer SHA-256 beside or instead of MD5. Not by default: phones in use fail when they meet it.
    /// </summary>
    public bool OffersSha256 { get; init; }

    public bool OffersMd5 { get; init; } = true;

    /// <summary>32 secret bytes of this start; nonces of another start are stale.</summary>
    public byte[] NonceKey { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>How many workers share the trunks that this node registers with.</summary>
    public int WorkerCount { get; init; } = 1;

    public BindingRegistry Bindings { get; init; } = new();

    public AttackGuard Guard { get; } = new();
}
