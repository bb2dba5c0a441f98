namespace CallTracker.Node.Streams;

/// <summary>Where the node's certificate is and whom it trusts. Immutable.</summary>
internal sealed record TlsSettings
{
    /// <summary>PEM file: the certificate, then what leads to its root; null: the node takes no TLS calls.</summary>
    public string? CertificatePath { get; init; }
    /// <summary>PEM file of the private key.</summary>
    public string? KeyPath { get; init; }
    /// <summary>PEM file of the roots that peers' certificates must lead to; null: those of the machine.</summary>
    public string? CaPath { get; init; }
    public TlsClientAuth ClientAuth { get; init; }
    /// <summary>False takes any certificate of a trunk: for tests alone.</summary>
    public bool Verify { get; init; } = true;
    /// <summary>How often the files are looked at.</summary>
    public int CheckMs { get; init; } = 2_000;
}
