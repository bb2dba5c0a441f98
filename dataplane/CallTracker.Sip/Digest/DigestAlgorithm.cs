namespace CallTracker.Sip.Digest;

/// <summary>
/// The hash of a digest (RFC 7616 section 3.2, RFC 8760), the stronger one with the higher number. SHA-512-256 is
/// missing: .NET has no such hash, and a challenge with an unknown one is passed over.
/// </summary>
public enum DigestAlgorithm : byte
{
    Unknown = 0,
    Md5,
    Md5Session,
    Sha256,
    Sha256Session,
}
