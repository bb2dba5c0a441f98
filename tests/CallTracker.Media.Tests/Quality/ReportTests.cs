using CallTracker.Media.Quality;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Sdp;
using CallTracker.Media.Srtp;
using CallTracker.Media.Tests.Srtp;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Quality;

/// <summary>What reports that pass tell, and when the relay makes its own.</summary>
public sealed class ReportTests
{
    private static readonly RtcpSenderInfo Info = new(0x0000_1234_5678_0000, 0, 1, 160);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RoundTrip_OfReportsThatPass_IsMeasuredPerLeg(bool isMuxed)
    {
        using var line = new ReportLine(isMuxed);
        line.Talk();
        line.Report(MediaSide.A, Info);
        line.Harness.Pass(1100);
        line.Report(MediaSide.B, null, new RtcpReportBlock(ReportLine.SsrcOfA, 0, 3, 1, 40, Info.NtpMiddle, 65_536));
        line.QualityOf(MediaSide.B).RoundTripUs.ShouldBe(100_000);
        line.QualityOf(MediaSide.A).RoundTripUs.ShouldBe(-1, "nobody answered anything on that leg");
        (line.QualityOf(MediaSide.B).PeerLost, line.QualityOf(MediaSide.B).PeerJitter).ShouldBe((3, 40U));
        line.QualityOf(MediaSide.B).ReportsHeard.ShouldBe(1U);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "::1")]
    public void OwnReports_WhereNobodyReports_TellEachSideHowItsStreamArrives(bool isMuxed, string? second)
    {
        using var line = new ReportLine(isMuxed, second);
        line.Talk(7);
        line.Harness.Relay.ReportsMade.ShouldBe(0);
        line.Talk(3);
        var reports = ReportLine.ReportsAt(line.ControlB);
        reports.Count.ShouldBeInRange(1, 2);
        ReportLine.SsrcOf(reports[0]).ShouldBe(ReportLine.SsrcOfA, "it is the report of the stream that B gets");
        var reader = new RtcpReportReader(reports[0]);
        reader.TryNext().ShouldBeTrue();
        (reader.IsSender, reader.BlockCount).ShouldBe((true, 1));
        reader.Block(0).Ssrc.ShouldBe(ReportLine.SsrcOfB);
        reader.Block(0).HighestSequence.ShouldBeInRange(8U, 10U);
        (reader.Block(0).Lost, reader.Block(0).LastSenderReport).ShouldBe((0, 0U));
        ReportLine.SsrcOf(ReportLine.ReportsAt(line.ControlA)[0]).ShouldBe(ReportLine.SsrcOfB);
        // The answer to it tells the round trip: 300 ms after it, held for 100.
        var seen = reader.NtpMiddle;
        line.Harness.NowMs = ((seen >> 16) * 1000) + ((seen & 0xffff) * 1000 / 65_536) + 300;
        line.Report(
            MediaSide.B, null, new RtcpReportBlock(ReportLine.SsrcOfA, 0, 0, 1, 0, seen, 6554));
        line.QualityOf(MediaSide.B).RoundTripUs.ShouldBeInRange(198_000, 202_000);
        line.QualityOf(MediaSide.B).ReportsMade.ShouldBe((uint)reports.Count);
    }

    [Fact]
    public void OwnReports_OverALongCall_KeepTheIntervalOfTheRfc()
    {
        using var line = new ReportLine();
        var times = new List<long>();
        var told = 0;
        for (var second = 0; second < 400; second++)
        {
            line.Talk();
            line.Harness.Pass(1000);
            var made = (int)line.QualityOf(MediaSide.B).ReportsMade;
            if (made > told) times.Add(second);
            (made - told).ShouldBeLessThanOrEqualTo(1);
            told = made;
        }
        var gaps = times.Zip(times.Skip(1), (a, b) => b - a).ToList();
        gaps.Min().ShouldBeGreaterThanOrEqualTo(2, "half of 5 s, over e − 3/2");
        gaps.Max().ShouldBeLessThanOrEqualTo(8, "one and a half times that, and the second of the next look");
        gaps.Average().ShouldBeInRange(3.7, 5.6);
        gaps.Distinct().Count().ShouldBeGreaterThan(2, "peers must not march in step");
    }

    [Fact]
    public void OwnReports_WhileTheOtherSideReports_AreNotMade()
    {
        using var line = new ReportLine();
        for (var i = 0; i < 12; i++)
        {
            line.Report(MediaSide.A, Info);
            line.Report(MediaSide.B, Info);
            line.Talk(5);
        }
        line.Harness.Relay.ReportsMade.ShouldBe(0);
        for (var i = 0; i < 6; i++)
        {
            line.Report(MediaSide.B, Info);
            line.Talk(5);
        }
        line.QualityOf(MediaSide.B).ReportsMade.ShouldBeGreaterThan(0U, "A fell silent");
        line.QualityOf(MediaSide.A).ReportsMade.ShouldBe(0U, "B did not");
    }

    [Fact]
    public void OwnReports_OfASideOnHold_SayThatNothingIsSent()
    {
        using var line = new ReportLine();
        line.Talk(9);
        line.Harness.SetRemote(line.Session, MediaSide.A, line.A.Endpoint, direction: SdpDirection.RecvOnly);
        for (var i = 0; i < 20; i++)
        {
            line.Talk(fromA: false);
            line.Harness.Pass(1000);
        }
        var last = ReportLine.ReportsAt(line.ControlB)[^1];
        last[1].ShouldBe((byte)201);
        ReportLine.SsrcOf(last).ShouldBe(ReportLine.SsrcOfA);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("opaque")]
    [InlineData("unanswered")]
    [InlineData("held")]
    [InlineData("mute")]
    public void OwnReports_WhereTheyHaveNoPlace_AreNotMade(string why)
    {
        using var line = new ReportLine(isAnswered: why != "unanswered");
        if (why != "mute") line.Talk();
        if (why == "off")
        {
            line.Harness.Relay.Quality.Describe(line.Session, MediaSide.A, CodecImpairment.G711, isRtcpOff: true);
            line.Harness.Relay.Quality.Describe(line.Session, MediaSide.B, CodecImpairment.G711, isRtcpOff: true);
        }
        if (why == "opaque") line.Harness.Relay.SetOpaque(line.Session, isOpaque: true);
        if (why == "held")
        {
            line.Harness.SetRemote(line.Session, MediaSide.A, default);
            line.Harness.SetRemote(line.Session, MediaSide.B, default);
        }
        line.Harness.Pass(60_000);
        line.Harness.Relay.ReportsMade.ShouldBe(0);
    }

    [Fact]
    public void OwnReports_ToASecurePeer_OpenWithItsKeys()
    {
        using var line = new SecureLine(SrtpSuite.Cm128Sha80);
        line.SayHello();
        line.Harness.Pass(10_000);
        var wires = ReportLine.ReportsAt(line.PhoneControl);
        wires.Count.ShouldBeGreaterThan(0);
        var report = line.OpenRtcpAtPhone(wires[0]);
        report.ShouldNotBe(wires[0]);
        var reader = new RtcpReportReader(report);
        reader.TryNext().ShouldBeTrue();
        (reader.IsSender, reader.BlockCount).ShouldBe((false, 1), "the shop sent nothing, the phone did");
        line.Harness.Relay.Close(line.Session, out _, out _);
    }

    [Fact]
    public void Quality_OfACall_IsOnItsTotals()
    {
        using var line = new ReportLine { StepMs = 20 };
        line.Harness.Pass(500);
        for (var i = 0; i < 100; i++)
        {
            line.Talk();
            line.Harness.NowMs += i == 50 ? 200 : 20;
        }
        line.Harness.Pass(1000);
        var quality = line.QualityOf(MediaSide.A);
        (quality.FirstPacketMs, quality.LongGaps).ShouldBe((500L, 1U));
        quality.SilenceMs.ShouldBeInRange(1000, 1040);
        quality.Mos.ShouldBe(4.41, 0.01);
        quality.JitterUsMax.ShouldBeGreaterThan(quality.JitterUsMean);
        line.Harness.Relay.Close(line.Session, out var totals, out _);
        totals.Quality.ShouldBe(quality);
    }

    [Fact]
    public void Quality_BeforeAnyPacket_IsNotRated()
    {
        using var line = new ReportLine();
        line.Harness.Pass(3000);
        var quality = line.QualityOf(MediaSide.B);
        (quality.Mos, quality.FirstPacketMs, quality.RoundTripUs).ShouldBe((0.0, -1L, -1L));
        quality.SilenceMs.ShouldBe(3000);
    }
}
