namespace CallTracker.Backends.Stir;

/// <summary>What an operator of the node can set about STIR. Immutable; units are in the names.</summary>
public sealed record StirOptions
{
    /// <summary>A folder of PEM files with the root certificates trusted; null trusts nobody.</summary>
    public string? AnchorFolder { get; init; }
    /// <summary>A PEM file with our P-256 private key; null signs nothing.</summary>
    public string? KeyFile { get; init; }
    /// <summary>Where others fetch our certificate: the x5u of what we sign.</summary>
    public Uri? CertificateUrl { get; init; }
    /// <summary>For tests: certificates may also come from this machine, by plain HTTP and from any port.</summary>
    public bool AllowsLoopback { get; init; }
    /// <summary>How far <c>iat</c> may lie from now (RFC 8224 section 6.2 recommends 60 s).</summary>
    public int FreshSec { get; init; } = 60;
    /// <summary>Time for one certificate, from name look-up to the last byte.</summary>
    public int FetchMsMax { get; init; } = 1_000;
    /// <summary>Fetches at a time; beyond, the caller is not verified.</summary>
    public int FetchesMax { get; init; } = 16;
    /// <summary>Certificates kept; beyond, the one that expires first goes.</summary>
    public int CertificatesMax { get; init; } = 1_000;
    /// <summary>Bytes of a certificate file; a longer one is refused.</summary>
    public int CertificateBytesMax { get; init; } = 64 << 10;
    /// <summary>PASSporTs remembered against replay, twice; beyond, the older half is forgotten.</summary>
    public int ReplaysMax { get; init; } = 65_536;
    /// <summary>Jobs that may wait; beyond, calls go on unverified and unsigned.</summary>
    public int QueueMax { get; init; } = 4_096;
}
