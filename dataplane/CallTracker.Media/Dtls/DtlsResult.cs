namespace CallTracker.Media.Dtls;

/// <summary>How a DTLS handshake ended. The numbers index <see cref="DtlsCounters"/>.</summary>
public enum DtlsResult : byte
{
    /// <summary>It goes on, or has not begun.</summary>
    None,
    Ok,
    /// <summary>Not done in time; no handshake or no STUN check came at all, maybe.</summary>
    Timeout,
    /// <summary>The peer broke it off, or shares neither version nor cipher with us.</summary>
    Broken,
    /// <summary>The certificate is not the one that the SDP names.</summary>
    Fingerprint,
    /// <summary>No SRTP profile in common.</summary>
    Profile,
    /// <summary>More was sent than a handshake takes.</summary>
    Excess,
}
