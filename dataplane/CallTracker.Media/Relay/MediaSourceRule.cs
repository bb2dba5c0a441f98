namespace CallTracker.Media.Relay;

/// <summary>
/// From where else than the SDP address and port a side's RTP may be learned while its window is open. Ordered from
/// strict to lax; each value includes those before it. The exact SDP address and port is always accepted.
/// </summary>
public enum MediaSourceRule
{
    /// <summary>From nowhere else.</summary>
    SdpPort,
    /// <summary>From another port of the SDP address.</summary>
    SdpAddress,
    /// <summary>Also from the address the leg's signalling comes from (a telephone system behind NAT). The
    /// default.</summary>
    SignallingAddress,
    /// <summary>
    /// From any address. Whoever sends first in the window can win an otherwise silent stream (RTP bleed,
    /// CVE-2025-53399), so this is for trunks whose media really come from unannounced addresses.
    /// </summary>
    AnyAddress,
}
