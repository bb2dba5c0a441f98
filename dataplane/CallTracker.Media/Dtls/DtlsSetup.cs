namespace CallTracker.Media.Dtls;

/// <summary>Who begins the handshake (a=setup of RFC 4145 section 4 and RFC 5763 section 5).</summary>
public enum DtlsSetup : byte
{
    /// <summary>Nothing is said: in an offer it counts as active (RFC 4145 section 4.1).</summary>
    None,
    /// <summary>An offer that leaves it to the answer.</summary>
    ActPass,
    /// <summary>Its sender begins: the client of DTLS.</summary>
    Active,
    /// <summary>Its sender waits: the server of DTLS.</summary>
    Passive,
}
