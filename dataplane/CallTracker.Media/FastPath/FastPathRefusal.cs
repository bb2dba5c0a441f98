namespace CallTracker.Media.FastPath;

/// <summary>Why a call that needs nothing but relaying stayed in userspace. The numbers index
/// <see cref="FastPathCounters"/>.</summary>
public enum FastPathRefusal
{
    None,
    /// <summary>One side has IPv4, the other IPv6.</summary>
    MixedVersions,
    /// <summary>There is no route to a peer, or the peer is this machine.</summary>
    NoRoute,
    /// <summary>A port outside the table; not met in a node.</summary>
    NoEntry,
}
