using System.Runtime.CompilerServices;
using CallTracker.Calls.Model;
using CallTracker.Contracts.Metrics;
using CallTracker.Node.Metrics;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Metrics;

/// <summary>The histograms of ended calls, as they are read.</summary>
public sealed class QualityMetricsTests
{
    private static readonly QualityFigures s_good = new(0, 0, 1500, 4000, 0, 25, 40, 30_000, 10, 441);
    private static readonly QualityFigures s_bad = new(0, 5, 40_000, 90_000, 9, 800, 40, 0, 10, 255);

    [Fact]
    public void Histograms_OfTwoCalls_HoldBothSides()
    {
        using var metrics = new QualityMetrics();
        using var text = new PrometheusText();
        metrics.Ended(Facts(s_good, s_bad));
        metrics.Ended(Facts(s_good, default, MediaFault.CalleeNeverSent));
        var page = text.Render();
        foreach (var line in new[]
        {
            "calltracker_media_mos_bucket{from=\"inbound\",le=\"4.4\"} 0",
            "calltracker_media_mos_bucket{from=\"inbound\",le=\"4.5\"} 2",
            "calltracker_media_mos_bucket{from=\"outbound\",le=\"3\"} 1",
            "calltracker_media_mos_count{from=\"outbound\"} 1",
            "calltracker_media_jitter_seconds_bucket{from=\"inbound\",le=\"0.002\"} 2",
            "calltracker_media_jitter_seconds_sum{from=\"outbound\"} 0.04",
            "calltracker_media_loss_ratio_bucket{from=\"outbound\",le=\"0.02\"} 0",
            "calltracker_media_loss_ratio_bucket{from=\"outbound\",le=\"0.05\"} 1",
            "calltracker_media_loss_ratio_sum{from=\"inbound\"} 0",
            "calltracker_media_round_trip_seconds_count{from=\"inbound\"} 2",
            "calltracker_media_faults_total{fault=\"callee_never_sent\"} 1",
        })
            page.Split('\n').ShouldContain(line);
        page.ShouldNotContain("calltracker_media_round_trip_seconds_count{from=\"outbound\"}");
    }

    [Fact]
    public void Recording_AfterTheFirstCall_AllocatesNothing()
    {
        using var metrics = new QualityMetrics();
        using var text = new PrometheusText();
        var facts = Facts(s_good, s_bad, MediaFault.CallerSilent);
        Measure(metrics, facts, 200);
        Measure(metrics, facts, 200).ShouldBe(0);
        text.Render().ShouldContain("calltracker_media_faults_total{fault=\"caller_silent\"} 400");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Measure(QualityMetrics metrics, CallFacts facts, int rounds)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < rounds; i++) metrics.Ended(facts);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // 100 packets of which 5 came twice, and 5 lost: 5 of 100.
    private static CallFacts Facts(QualityFigures inbound, QualityFigures outbound, MediaFault fault = default) => new()
    {
        Outcome = CallOutcome.Answered,
        InboundMedia = new MediaFigures(100, 17_200, 0, 1000, 100, 0, inbound),
        OutboundMedia = new MediaFigures(100, 17_200, 5, 1000, 100, 0, outbound),
        MediaFault = fault,
    };
}
