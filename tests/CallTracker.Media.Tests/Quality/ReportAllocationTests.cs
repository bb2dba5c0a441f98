using System.Runtime.CompilerServices;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Rtp;
using CallTracker.Media.Sdp;

namespace CallTracker.Media.Tests.Quality;

/// <summary>Zero bytes for reports that pass and for our own, after warm-up.</summary>
public sealed class ReportAllocationTests
{
    private const int Rounds = 200;

    [Fact]
    public void OwnReports_AfterWarmUp_AllocateNothing()
    {
        using var line = new ReportLine();
        line.Talk();
        Measure(() => line.Harness.Pass(1000)).ShouldBe(0);
        line.Harness.Relay.ReportsMade.ShouldBeGreaterThan(100);
        Measure(() => GC.KeepAlive(new byte[1])).ShouldBeGreaterThan(Rounds, "the meter sees what there is");
    }

    [Fact]
    public void ReportsThatPass_AfterWarmUp_AllocateNothing()
    {
        using var line = new ReportLine();
        line.Talk();
        var report = new byte[RtcpReportWriter.LengthMax];
        var block = new RtcpReportBlock(ReportLine.SsrcOfB, 0, 0, 1, 0, 7, 0);
        var length = RtcpReportWriter.Write(
            report, ReportLine.SsrcOfA, new RtcpSenderInfo(1UL << 20, 0, 1, 160), block);
        var socket = UdpSocket.Open(line.ControlA.Endpoint.WithPort(0), 0, reusePort: false);
        var from = UdpSocket.LocalEndpoint(socket);
        line.Harness.Relay.SetRemote(
            line.Session, MediaSide.A, line.A.Endpoint, from, false, SdpDirection.SendRecv, 8000,
            line.Harness.NowMs);
        var to = line.Harness.Local(line.Session, MediaSide.A, plus: 1);
        Measure(() =>
        {
            var before = line.Harness.Relay.Counters.RtcpRelayed;
            _ = UdpSocket.SendTo(socket, report.AsSpan(0, length), to);
            while (line.Harness.Relay.Counters.RtcpRelayed == before) line.Harness.Pump();
        }).ShouldBe(0);
        line.QualityOf(MediaSide.A).ReportsHeard.ShouldBe(2U * Rounds);
        UdpSocket.Close(socket);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Measure(Action act)
    {
        for (var i = 0; i < Rounds; i++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
