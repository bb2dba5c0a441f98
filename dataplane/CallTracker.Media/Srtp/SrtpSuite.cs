namespace CallTracker.Media.Srtp;

/// <summary>
/// How a stream is encrypted and authenticated: the crypto-suites of RFC 4568 section 6.2, RFC 6188 and RFC 7714. In
/// the order in which we prefer and offer them.
/// </summary>
public enum SrtpSuite : byte
{
    None,
    Aead256Gcm,
    Aead128Gcm,
    Cm256Sha80,
    Cm128Sha80,
    Cm256Sha32,
    Cm128Sha32,
}
