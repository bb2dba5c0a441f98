namespace CallTracker.Contracts.Routes;

/// <summary>
/// A carrier or shop connection. Kept by the control plane as JSON in the hash <see cref="Redis.RedisKeys.Trunks"/>
/// (field: trunk id); every node holds all of them.
/// </summary>
public sealed record TrunkRecord
{
    public int V { get; set; } = 1;
    public ulong Version { get; set; }
    public required string TrunkId { get; init; }
    public required string OperatorId { get; init; }
    public required string Name { get; init; }
    /// <summary>
    /// Where calls to this trunk are sent: <c>host:port</c>, <c>[v6]:port</c>, or a host alone (port 5060).
    /// </summary>
    public required string Address { get; init; }
    /// <summary>
    /// Normalised digits a destination must begin with; an empty string matches all. The longest match wins.
    /// </summary>
    public IReadOnlyList<string> Prefixes { get; set; } = [];
    /// <summary>
    /// Sources whose calls are accepted: <c>address</c>, <c>address:port</c> or <c>address/prefix-length</c>.
    /// </summary>
    public IReadOnlyList<string> InboundFrom { get; set; } = [];
    /// <summary>Among equal prefixes the lower number is tried first.</summary>
    public int Priority { get; set; } = 100;
    /// <summary>True when asserted identities are exchanged with this trunk (RFC 3325 trust domain).</summary>
    public bool Trusted { get; set; } = true;
    public bool Enabled { get; set; } = true;
}
