using System.Globalization;
using CallTracker.Core.Net;
using CallTracker.Media.Relay;
using CallTracker.Media.Tests.Support;

namespace CallTracker.Media.Tests.Relay;

/// <summary>What the kernel says about UDP.</summary>
public sealed class UdpKernelCountersTests
{
    [Fact]
    public void Read_AfterOverflowingASocket_ShowsTheDrops()
    {
        using var counters = new UdpKernelCounters();
        counters.Read();
        var before = counters.ReceiveBufferErrors;
        var socket = UdpSocket.Open(RelayHarness.Endpoint(RelayHarness.NewAddress(), 0), 2304, reusePort: false);
        using var sender = new MediaPeer("127.98.80.1");
        for (var i = 0; i < 200; i++) sender.Send(UdpSocket.LocalEndpoint(socket), Packets.Rtp(i));
        UdpSocket.Close(socket);
        counters.Read();
        counters.ReceiveBufferErrors.ShouldBeGreaterThan(before + 50);
        counters.SendBufferErrors.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void Read_OfColumnsInAnotherOrder_GoesByName()
    {
        using var counters = Of("Ip: A\nIp: 1\nUdp: SndbufErrors NoPorts X RcvbufErrors\nUdp: 3 5 9 7\nUdpLite: Q\n");
        counters.Read();
        (counters.SendBufferErrors, counters.NoPorts, counters.ReceiveBufferErrors).ShouldBe((3, 5, 7));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tcp: 1\n")]
    [InlineData("Udp: RcvbufErrors\n")]
    [InlineData("Udp: RcvbufErrors\nUdp: x\n")]
    [InlineData("Udp:")]
    public void Read_OfBrokenText_SaysUnknown(string text)
    {
        using var counters = Of(text);
        counters.Read();
        counters.ReceiveBufferErrors.ShouldBe(-1);
    }

    [Fact]
    public void Read_AgainAndAgain_AllocatesNothing()
    {
        using var counters = new UdpKernelCounters();
        for (var i = 0; i < 50; i++) counters.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) counters.Read();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static UdpKernelCounters Of(string text)
    {
        var path = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"snmp-{Guid.NewGuid():N}"));
        File.WriteAllText(path, text);
        var counters = new UdpKernelCounters(path);
        File.Delete(path);
        return counters;
    }
}
