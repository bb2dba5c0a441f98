using CallTracker.Core.Net;
using CallTracker.Media.Quality;

namespace CallTracker.Media.Relay;

/// <summary>What one side of a session measured of the media received from its peer.</summary>
/// <param name="Packets">RTP packets accepted from the peer.</param>
/// <param name="Bytes">UDP payload bytes of those packets.</param>
/// <param name="Expected">Packets the sequence numbers promised.</param>
/// <param name="Lost">Promised packets that did not come, never negative.</param>
/// <param name="Reordered">Packets that came after a later one.</param>
/// <param name="Duplicates">Packets that came again.</param>
/// <param name="JitterUs">Interarrival jitter at the end (RFC 3550 section 6.4.1).</param>
/// <param name="GapMsMax">Longest time between two packets.</param>
/// <param name="FirstPacketMs">Worker time of the first packet; -1 when none came.</param>
/// <param name="LastPacketMs">Worker time of the last packet; -1 when none came.</param>
/// <param name="Relayed">Packets of those accepted that were sent on to the other side.</param>
/// <param name="RelayedBytes">Their bytes.</param>
/// <param name="RtcpPackets">RTCP datagrams accepted from the peer.</param>
/// <param name="RtcpRelayed">RTCP datagrams sent on to the other side.</param>
/// <param name="Dropped">Datagrams refused for any reason (source, form, nowhere to send).</param>
/// <param name="Peer">The address media was latched to; default when none was.</param>
/// <param name="Quality">How good it was, and the way to the peer.</param>
public readonly record struct MediaTotals(
    ulong Packets,
    ulong Bytes,
    ulong Expected,
    ulong Lost,
    ulong Reordered,
    ulong Duplicates,
    uint JitterUs,
    long GapMsMax,
    long FirstPacketMs,
    long LastPacketMs,
    ulong Relayed,
    ulong RelayedBytes,
    ulong RtcpPackets,
    ulong RtcpRelayed,
    ulong Dropped,
    IpEndpoint Peer,
    MediaQuality Quality = default);
