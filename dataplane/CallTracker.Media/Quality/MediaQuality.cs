namespace CallTracker.Media.Quality;

/// <summary>How good what came from one side is, and the way to it.</summary>
/// <param name="JitterUsMean">Mean of the interarrival jitter (RFC 3550 section 6.4.1) over the packets.</param>
/// <param name="JitterUsMax">Its highest value.</param>
/// <param name="LongGaps">Times of more than 60 ms without a packet.</param>
/// <param name="FirstPacketMs">From the answer to the first packet; 0 when it came before the answer, -1 when none came
/// or nobody answered.</param>
/// <param name="SilenceMs">Since the last packet, or since it should have begun to send; 0 while it need not
/// send.</param>
/// <param name="RoundTripUs">Mean round trip from here to the peer and back; -1 when no report told of it.</param>
/// <param name="RoundTripUsLast">The last one; -1.</param>
/// <param name="RoundTripUsMax">The longest one; -1.</param>
/// <param name="Mos">Mean opinion score of a listener here (<see cref="EModel"/>); 0 when nothing came.</param>
/// <param name="PeerLost">Of the packets we sent to it, those that it reports as lost.</param>
/// <param name="PeerJitter">As it reports it, in units of the clock of what we send.</param>
/// <param name="ReportsHeard">RTCP datagrams with a report that came from it.</param>
/// <param name="ReportsMade">Reports of our own to it, because the other side sends none.</param>
public readonly record struct MediaQuality(
    uint JitterUsMean,
    uint JitterUsMax,
    uint LongGaps,
    long FirstPacketMs,
    long SilenceMs,
    long RoundTripUs,
    long RoundTripUsLast,
    long RoundTripUsMax,
    double Mos,
    int PeerLost,
    uint PeerJitter,
    uint ReportsHeard,
    uint ReportsMade);
