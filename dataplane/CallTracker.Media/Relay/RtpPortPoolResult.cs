namespace CallTracker.Media.Relay;

/// <summary>How opening a worker's media ports ended.</summary>
public enum RtpPortPoolResult
{
    Ok,
    /// <summary>The range holds no even/odd pair, or leaves 1024 to 65535.</summary>
    BadRange,
    /// <summary>The address to bind is unspecified, multicast, or not one of this machine's.</summary>
    BadAddress,
    /// <summary>The process may not open that many descriptors (RLIMIT_NOFILE).</summary>
    TooFewDescriptors,
    /// <summary>Every pair of the range is held by another program.</summary>
    NoPorts,
}
