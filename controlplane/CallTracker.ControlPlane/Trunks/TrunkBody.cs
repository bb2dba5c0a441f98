namespace CallTracker.ControlPlane.Trunks;

/// <summary>What a client sends to create or replace a trunk.</summary>
public sealed record TrunkBody
{
    /// <summary>1 to 64 of A-Z a-z 0-9 _ -; made by the server when absent. Cannot be changed.</summary>
    public string? TrunkId { get; init; }
    /// <summary>1 to 200 characters.</summary>
    public required string Name { get; init; }
    /// <summary>host, host:port or [v6]:port; port 5060 when absent.</summary>
    public required string Address { get; init; }
    /// <summary>Leading digits of destinations sent here, in any written form; the empty text matches all.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];
    /// <summary>Sources whose calls are accepted: address, address:port or address/prefix-length.</summary>
    public IReadOnlyList<string> InboundFrom { get; init; } = [];
    /// <summary>0 to 10000; among equal prefixes the lower is tried first.</summary>
    public int Priority { get; init; } = 100;
    /// <summary>True when asserted identities are exchanged (RFC 3325).</summary>
    public bool Trusted { get; init; } = true;
    public bool Enabled { get; init; } = true;
}
