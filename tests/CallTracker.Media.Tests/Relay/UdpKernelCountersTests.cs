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

    [Fact]
    public void Read_OfBothVersions_AddsThemAtEachReading()
    {
        using var counters = Of(
            "Udp: NoPorts RcvbufErrors SndbufErrors\nUdp: 1 2 3\n",
            "Ip6InReceives                   \t5\nUdp6NoPorts                     \t10\n"
            + "Udp6RcvbufErrors                \t20\nUdp6SndbufErrors                \t30\nUdpLite6NoPorts \t9\n");
        for (var i = 0; i < 2; i++)
        {
            counters.Read();
            (counters.NoPorts, counters.ReceiveBufferErrors, counters.SendBufferErrors).ShouldBe((11, 22, 33));
        }
    }

    private static UdpKernelCounters Of(string text, string? text6 = null)
    {
        var path = FileOf(text);
        var path6 = text6 is null ? null : FileOf(text6);
        var counters = new UdpKernelCounters(path, path6);
        File.Delete(path);
        if (path6 is not null) File.Delete(path6);
        return counters;
    }

    private static string FileOf(string text)
    {
        var path = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"snmp-{Guid.NewGuid():N}"));
        File.WriteAllText(path, text);
        return path;
    }
}
