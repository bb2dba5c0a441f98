namespace CallTracker.Calls.Model;

/// <summary>How good what one leg's peer sent was, and the way to it.</summary>
/// <param name="Reordered">Packets that came after a later one.</param>
/// <param name="Duplicates">Packets that came again.</param>
/// <param name="JitterUsMean">Mean interarrival jitter (RFC 3550 section 6.4.1), in microseconds.</param>
/// <param name="JitterUsMax">The highest.</param>
/// <param name="LongGaps">Times of more than 60 ms without a packet.</param>
/// <param name="GapMsMax">The longest time without a packet, in milliseconds.</param>
/// <param name="FirstPacketMs">From the answer to the first packet, 0 when it came before; -1: unknown.</param>
/// <param name="RoundTripUs">Mean round trip to the leg's peer, by RTCP, in microseconds; 0: unknown.</param>
/// <param name="SilenceMs">Without a packet at the end, of a side that should have sent.</param>
/// <param name="MosTimes100">Mean opinion score by the E-model (ITU-T G.107), times 100; 0: nothing came.</param>
public readonly record struct QualityFigures(
    uint Reordered, uint Duplicates, uint JitterUsMean, uint JitterUsMax, uint LongGaps, uint GapMsMax,
    int FirstPacketMs, uint RoundTripUs, uint SilenceMs, ushort MosTimes100)
{
    /// <summary>Of a call that nothing was measured of.</summary>
    public static QualityFigures None { get; } = new(0, 0, 0, 0, 0, 0, -1, 0, 0, 0);
}
