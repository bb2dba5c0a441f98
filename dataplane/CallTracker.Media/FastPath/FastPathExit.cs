namespace CallTracker.Media.FastPath;

/// <summary>Why a call came back from the kernel to userspace. The numbers index
/// <see cref="FastPathCounters"/>.</summary>
public enum FastPathExit
{
    /// <summary>The call ended, or the leg was replaced.</summary>
    Ended,
    /// <summary>An offer or answer came: hold, a new address, a session refresh.</summary>
    Signalling,
    /// <summary>Something in userspace needs the packets.</summary>
    Needed,
    /// <summary>The kernel's program passed RTP up: it is not as it takes it (IP options, fragments, size).</summary>
    Unusual,
    /// <summary>Packets to a peer go another way than before.</summary>
    RouteChanged,
}
