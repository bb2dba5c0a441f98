using System.Diagnostics.Metrics;
using CallTracker.Calls.Model;

namespace CallTracker.Node.Metrics;

/// <summary>
/// The quality of answered calls at their end, as histograms by the side that was heard, and whose media failed. Made
/// before the workers, which record into it; nothing is allocated after each side's first call.
/// </summary>
internal sealed class QualityMetrics : ICallQuality, IDisposable
{
    private static readonly KeyValuePair<string, object?> s_inbound = new("from", "inbound");
    private static readonly KeyValuePair<string, object?> s_outbound = new("from", "outbound");
    private static readonly KeyValuePair<string, object?>[] s_faults = Array.ConvertAll(
        Enum.GetValues<MediaFault>(), f => new KeyValuePair<string, object?>("fault", SnakeCase.Of(f)));
    private readonly Meter _meter = new("CallTracker.Node.Quality");
    private readonly Histogram<double> _mos;
    private readonly Histogram<double> _jitter;
    private readonly Histogram<double> _loss;
    private readonly Histogram<double> _roundTrip;
    private readonly Counter<long> _faults;

    public QualityMetrics()
    {
        _mos = Make("calltracker_media_mos", null, "Mean opinion score of answered calls (ITU-T G.107), 1 to 4.5.",
            [1, 1.5, 2, 2.5, 3, 3.25, 3.5, 3.75, 4, 4.1, 4.2, 4.3, 4.4, 4.5]);
        _jitter = Make("calltracker_media_jitter", "s", "Mean interarrival jitter of answered calls.",
            [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2]);
        _loss = Make("calltracker_media_loss", "1", "Share of RTP packets lost of answered calls.",
            [0, 0.0001, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
        _roundTrip = Make("calltracker_media_round_trip", "s", "Mean round trip to the peer, where RTCP told of it.",
            [0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1]);
        _faults = _meter.CreateCounter<long>("calltracker_media_faults", "{call}",
            "Calls ended because media failed, by whose and how.");
    }

    public void Ended(CallFacts facts)
    {
        Record(facts.InboundMedia, s_inbound);
        Record(facts.OutboundMedia, s_outbound);
        if (facts.MediaFault != MediaFault.None) _faults.Add(1, s_faults[(int)facts.MediaFault]);
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Make(string name, string? unit, string help, double[] bounds) =>
        _meter.CreateHistogram(
            name, unit, help, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds });

    // A side that sent nothing has no quality; the fault tells of it.
    private void Record(in MediaFigures media, in KeyValuePair<string, object?> from)
    {
        if (media.Quality.MosTimes100 == 0) return;
        _mos.Record(media.Quality.MosTimes100 / 100.0, from);
        _jitter.Record(media.Quality.JitterUsMean / 1e6, from);
        _loss.Record(LossOf(media), from);
        if (media.Quality.RoundTripUs > 0) _roundTrip.Record(media.Quality.RoundTripUs / 1e6, from);
    }

    private static double LossOf(in MediaFigures media)
    {
        var distinct = media.Packets - Math.Min(media.Packets, media.Quality.Duplicates);
        return media.Lost == 0 ? 0 : (double)media.Lost / (distinct + media.Lost);
    }
}
