using CallTracker.Media.Relay;

namespace CallTracker.Node.Hosting;

/// <summary>
/// One side of a <see cref="QualityReport"/>; the names are those of the record's columns. Null is what is not known.
/// Immutable.
/// </summary>
/// <param name="Packets">RTP packets accepted since the leg began.</param>
/// <param name="Lost">Of those promised.</param>
/// <param name="LossRatio">Lost of promised, 0 to 1.</param>
/// <param name="Reordered">Came after a later one.</param>
/// <param name="Duplicates">Came again.</param>
/// <param name="JitterUs">Now.</param>
/// <param name="JitterMeanUs">Of the call so far.</param>
/// <param name="JitterMaxUs">Of the call so far.</param>
/// <param name="Gaps">Of more than 60 ms.</param>
/// <param name="GapMaxMs">The longest time between two packets.</param>
/// <param name="SilenceMs">Now; 0 while the side need not send.</param>
/// <param name="FirstPacketMs">After the answer.</param>
/// <param name="RttUs">Mean round trip to the peer.</param>
/// <param name="RttLastUs">The last one.</param>
/// <param name="RttMaxUs">The longest one.</param>
/// <param name="Mos">By the E-model, over the call so far.</param>
/// <param name="PeerLost">Packets of ours that the peer reports as lost.</param>
/// <param name="ReportsHeard">RTCP reports from the peer.</param>
/// <param name="ReportsMade">RTCP reports of our own to the peer.</param>
/// <param name="Dropped">Datagrams refused.</param>
/// <param name="SecondPackets">Packets since the line before; null on the first.</param>
/// <param name="SecondLost">Lost since the line before; negative when late ones came; null on the first.</param>
internal sealed record QualityReportSide(
    ulong Packets, ulong Lost, double LossRatio, ulong Reordered, ulong Duplicates, uint JitterUs, uint JitterMeanUs,
    uint JitterMaxUs, uint Gaps, long GapMaxMs, long SilenceMs, long? FirstPacketMs, long? RttUs, long? RttLastUs,
    long? RttMaxUs, double? Mos, int PeerLost, uint ReportsHeard, uint ReportsMade, ulong Dropped,
    long? SecondPackets, long? SecondLost)
{
    public static QualityReportSide Of(in MediaTotals now, MediaTotals? before)
    {
        var quality = now.Quality;
        return new QualityReportSide(
            now.Packets, now.Lost, now.Expected == 0 ? 0 : Math.Round((double)now.Lost / now.Expected, 5),
            now.Reordered, now.Duplicates, now.JitterUs, quality.JitterUsMean, quality.JitterUsMax, quality.LongGaps,
            now.GapMsMax, quality.SilenceMs, Known(quality.FirstPacketMs), Known(quality.RoundTripUs),
            Known(quality.RoundTripUsLast), Known(quality.RoundTripUsMax),
            quality.Mos == 0 ? null : Math.Round(quality.Mos, 2), quality.PeerLost, quality.ReportsHeard,
            quality.ReportsMade, now.Dropped,
            before is { } earlier ? (long)(now.Packets - earlier.Packets) : null,
            before is { } past ? (long)now.Lost - (long)past.Lost : null);
    }

    private static long? Known(long value) => value < 0 ? null : value;
}
