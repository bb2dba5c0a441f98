using System.Runtime.CompilerServices;
using CallTracker.Core.Net;
using CallTracker.Media.Ice;
using CallTracker.Media.Tests.Ice;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>No managed memory for a check, right or wrong; RelayAllocationTests has the meter's control.</summary>
public sealed class DtlsAllocationTests
{
    private const int Rounds = 300;

    [Fact]
    public void Check_AnsweredOrRefused_AllocatesNothing()
    {
        using var integrity = new StunIntegrity();
        var ours = IceCredentials.Make();
        var ice = default(IceLite);
        ice.Begin(ours, 0);
        var (good, bad) = (IcePeer.Of(ours).Check(nominates: true), IcePeer.Of(IceCredentials.Make()).Check());
        var wrong = IcePeer.Of(ours).Check(password: "wrong");
        var answer = new byte[StunResponse.BytesMax];
        var source = RelayHarness.Endpoint("192.0.2.1", 5000);
        var answered = 0;
        Measure(() =>
        {
            answered += ice.TryAnswer(good, source, 1, integrity, answer, out _, out _) ? 1 : 0;
            answered += ice.TryAnswer(bad, source, 1, integrity, answer, out _, out _) ? 1 : 0;
            answered += ice.TryAnswer(wrong, source, 1, integrity, answer, out _, out _) ? 1 : 0;
        }).ShouldBe(0);
        answered.ShouldBe(Rounds * 2);
    }

    [Fact]
    public void Check_ThroughTheRelay_AllocatesNothing()
    {
        using var line = new BrowserLine();
        line.Answer();
        line.Connect();
        var check = line.Peer.Check(nominates: true);
        var (before, to) = (line.Counters.Checks, line.ToBrowserSide);
        var socket = UdpSocket.Open(RelayHarness.Endpoint(line.Address, 0), 0, reusePort: false);
        Measure(() =>
        {
            UdpSocket.SendTo(socket, check, to);
            line.Harness.Pump();
        }).ShouldBe(0);
        line.Harness.PumpUntil(() => line.Counters.Checks == before + (Rounds * 2));
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
