namespace CallTracker.Contracts.Calls;

/// <summary>What one direction of a leg's RTP measured, as received from that leg's peer.</summary>
/// <param name="Packets">RTP packets accepted from the peer.</param>
/// <param name="Bytes">Payload and header bytes of those packets (UDP payload).</param>
/// <param name="Lost">Packets missing by sequence number (RFC 3550 appendix A.3), never negative.</param>
/// <param name="JitterUs">Interarrival jitter (RFC 3550 section 6.4.1) at the end, in microseconds.</param>
/// <param name="Relayed">Packets sent on to the other leg.</param>
/// <param name="Dropped">Packets refused: wrong source, malformed, or no leg to send to.</param>
/// <param name="Quality">How good it was.</param>
public readonly record struct MediaFigures(
    ulong Packets, ulong Bytes, ulong Lost, uint JitterUs, ulong Relayed, ulong Dropped,
    QualityFigures Quality = default);
