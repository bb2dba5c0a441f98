using System.Diagnostics;
using System.Net;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using Shouldly;
using Xunit;

namespace CallTracker.Core.Tests.Net;

/// <summary>What an unconnected socket learns of ports where nobody listens.</summary>
public sealed class UdpErrorQueueTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void ClosedPort_SentTo_IsTakenFromTheQueueWithItsAddress(string address)
    {
        var local = IpEndpoint.From(IPAddress.Parse(address), 0);
        var descriptor = UdpSocket.Open(local, 0, reusePort: false);
        descriptor.ShouldBeGreaterThan(0);
        using var epoll = new Epoll();
        UdpErrorQueue.Enable(descriptor, local.IsIpv4);
        epoll.Add(descriptor, 7);
        var closed = ClosedPort(local);
        UdpSocket.SendTo(descriptor, "x"u8, closed).ShouldBe(1);
        var events = new EpollEvent[4];
        epoll.Wait(events, 2000).ShouldBe(1);
        (events[0].Events & EpollEvent.Error).ShouldBe(EpollEvent.Error);
        UdpErrorQueue.TryTake(descriptor, out var remote, out var isUnreachable).ShouldBeTrue();
        (remote, isUnreachable).ShouldBe((closed, true));
        UdpErrorQueue.TryTake(descriptor, out _, out _).ShouldBeFalse();
        UdpSocket.Close(descriptor);
    }

    [Fact]
    public void Send_AfterAnErrorOfAnotherPeer_StillGoesOut()
    {
        var local = IpEndpoint.From(IPAddress.Loopback, 0);
        var sender = UdpSocket.Open(local, 0, reusePort: false);
        var receiver = UdpSocket.Open(local, 0, reusePort: false);
        UdpErrorQueue.Enable(sender, isIpv4: true);
        UdpSocket.SendTo(sender, "x"u8, ClosedPort(local)).ShouldBe(1);
        // The error has come back by then; that it was not waited for is the point.
        Thread.Sleep(50);
        UdpSocket.SendTo(sender, "hello"u8, UdpSocket.LocalEndpoint(receiver)).ShouldBe(5);
        var buffer = new byte[10];
        var watch = Stopwatch.StartNew();
        var length = UdpSocket.WouldBlock;
        while (length == UdpSocket.WouldBlock && watch.ElapsedMilliseconds < 2000)
            length = UdpSocket.Receive(receiver, buffer);
        length.ShouldBe(5);
        UdpSocket.Close(sender);
        UdpSocket.Close(receiver);
    }

    // A port that was free a moment ago.
    private static IpEndpoint ClosedPort(in IpEndpoint local)
    {
        var descriptor = UdpSocket.Open(local, 0, reusePort: false);
        var endpoint = UdpSocket.LocalEndpoint(descriptor);
        UdpSocket.Close(descriptor);
        return endpoint;
    }
}
