namespace CallTracker.Calls.Model;

/// <summary>What was received from one leg's peer: RTP only, by <c>RtpReceiveStats</c>.</summary>
/// <param name="Packets">RTP packets accepted.</param>
/// <param name="Bytes">UDP payload bytes of them.</param>
/// <param name="Lost">Missing by sequence number.</param>
/// <param name="JitterUs">Interarrival jitter at the end, in microseconds.</param>
/// <param name="Relayed">Packets sent on to the other leg.</param>
/// <param name="Dropped">Packets refused.</param>
/// <param name="Quality">How good it was.</param>
public readonly record struct MediaFigures(
    ulong Packets, ulong Bytes, ulong Lost, uint JitterUs, ulong Relayed, ulong Dropped,
    QualityFigures Quality = default);
