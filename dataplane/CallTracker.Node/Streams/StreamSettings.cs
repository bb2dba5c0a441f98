namespace CallTracker.Node.Streams;

/// <summary>Bounds of all that goes over TCP and TLS. Immutable; units are in the names.</summary>
internal sealed record StreamSettings
{
    /// <summary>Connections in all, accepted and opened by us; beyond, new ones are refused.</summary>
    public int ConnectionsMax { get; init; } = 4096;
    /// <summary>Accepted connections from one address.</summary>
    public int ConnectionsPerSourceMax { get; init; } = 64;
    /// <summary>Connections from unknown addresses that have not registered yet.</summary>
    public int StrangersMax { get; init; } = 256;
    /// <summary>Of those, the ones from one address: an office behind one NAT starts its phones at once.</summary>
    public int StrangersPerSourceMax { get; init; } = 16;
    /// <summary>New ones a second.</summary>
    public int StrangersPerSecMax { get; init; } = 50;
    /// <summary>How long one may take until a REGISTER of its is granted, the TLS handshake included.</summary>
    public int StrangerMsMax { get; init; } = 10_000;
    /// <summary>Bytes one may send until then: some REGISTERs, with and without credentials.</summary>
    public int StrangerBytesMax { get; init; } = 8 * 1024;
    /// <summary>How long a connection may carry nothing in either direction.</summary>
    public int IdleMs { get; init; } = 900_000;
    /// <summary>From the first byte of a message to its last.</summary>
    public int PartialMsMax { get; init; } = 10_000;
    /// <summary>How long a connection of ours may take to come about, TLS included.</summary>
    public int ConnectMsMax { get; init; } = 3_000;
    /// <summary>How long a peer's TLS handshake may take.</summary>
    public int HandshakeMsMax { get; init; } = 5_000;
    /// <summary>TLS handshakes of peers at a time: their cost must not starve the workers.</summary>
    public int HandshakesMax { get; init; } = 16;
    /// <summary>Bytes that may wait to be written on one connection; beyond, a message fails.</summary>
    public int QueuedBytesMax { get; init; } = 256 * 1024;
    /// <summary>How long a peer may take no byte of what is being written.</summary>
    public int WriteMsMax { get; init; } = 10_000;
    /// <summary>After a failed connect: how long its trunk is not tried again.</summary>
    public int RetryAfterMs { get; init; } = 1_000;
    /// <summary>
    /// The same for a peer that was only tried because a request was too large for UDP (RFC 3261 section 18.1.1).
    /// </summary>
    public int RetryLargeAfterMs { get; init; } = 60_000;
}
