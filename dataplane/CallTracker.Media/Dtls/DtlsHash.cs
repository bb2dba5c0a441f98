namespace CallTracker.Media.Dtls;

/// <summary>The hash of a fingerprint (RFC 8122 section 5), the weakest first; older ones are not taken.</summary>
public enum DtlsHash : byte
{
    None,
    Sha256,
    Sha384,
    Sha512,
}
