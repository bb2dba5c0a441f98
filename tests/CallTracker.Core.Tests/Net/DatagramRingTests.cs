using System.Diagnostics;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;
using CallTracker.TestKit;

namespace CallTracker.Core.Tests.Net;

/// <summary>
/// What the relay relies on in its ring: whose datagram it is, from where, in order, none lost and none of before.
/// </summary>
public sealed class DatagramRingTests
{
    private const int Refused = -111;

    [Fact]
    public void Datagrams_OfSeveralSockets_ComeWithNumberSourceAndBytes()
    {
        using var rig = new RingRig(sockets: 3);
        using Loopback one = new(), other = new();
        one.Send(rig.Endpoint(2), "first"u8);
        one.Send(rig.Endpoint(2), "second"u8);
        other.Send(rig.Endpoint(0), ""u8);
        rig.Take(3);
        rig.Told.ShouldContain($"2 {one.Endpoint} first");
        rig.Told.ShouldContain($"0 {other.Endpoint} ");
        rig.Told.IndexOf($"2 {one.Endpoint} first").ShouldBeLessThan(rig.Told.IndexOf($"2 {one.Endpoint} second"));
    }

    [Fact]
    public void Datagram_OfIpv6_ComesWithItsSource()
    {
        using var rig = new RingRig(sockets: 1, "::1");
        using var peer = new Loopback("::1");
        peer.Send(rig.Endpoint(0), "six"u8);
        rig.Take(1);
        rig.Told.ShouldBe([$"0 {peer.Endpoint} six"]);
    }

    [Fact]
    public void NumberAhead_OfWhatWaits_IsThatOfWhatIsTakenThen()
    {
        using var rig = new RingRig(sockets: 3);
        using var peer = new Loopback();
        foreach (var socket in (int[])[2, 0, 1, 2]) peer.Send(rig.Endpoint(socket), "x"u8);
        rig.Ring.NumberAhead(0).ShouldBe(-1, "nothing waits");
        rig.Ring.Wait(10_000);
        var foreseen = Enumerable.Range(0, 5).Select(rig.Ring.NumberAhead).ToArray();
        rig.TakeWaiting();
        rig.EndBatch();
        rig.Received.Select(one => one.Number).ShouldBe(foreseen[..4]);
        foreseen[4].ShouldBe(-1);
    }

    [Theory]
    [InlineData(5_000_000, 20_000)]
    [InlineData(20_000, 5_000_000)]
    public void Wait_ThatGathers_LetsOneDatagramWaitForTheShorterOfItsTimes(int timeoutUs, int gatherUs)
    {
        using var rig = new RingRig(sockets: 1);
        using var peer = new Loopback();
        Assert.SkipUnless(rig.Ring.CanGather, "io_uring cannot gather here");
        var longest = TimeSpan.Zero;
        // Signals of the runtime may cut any wait short.
        for (var i = 1; i <= 40 && longest.TotalMilliseconds < 18; i++)
        {
            peer.Send(rig.Endpoint(0), "x"u8);
            var watch = Stopwatch.StartNew();
            rig.Ring.Wait(timeoutUs, gatherCount: 48, gatherUs);
            longest = watch.Elapsed;
            longest.ShouldBeLessThan(TimeSpan.FromSeconds(4));
            rig.TakeWaiting();
            rig.EndBatch();
            rig.Lengths.Count.ShouldBe(i, "it came in time");
        }
        longest.TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(18);
    }

    [Fact]
    public void Wait_ThatGathers_EndsWhenSoManyAreThere()
    {
        using var rig = new RingRig(sockets: 2);
        using var peer = new Loopback();
        Assert.SkipUnless(rig.Ring.CanGather, "io_uring cannot gather here");
        for (var i = 0; i < 48; i++) peer.Send(rig.Endpoint(i % 2), "x"u8);
        var watch = Stopwatch.StartNew();
        rig.Ring.Wait(5_000_000, gatherCount: 48, gatherUs: 5_000_000);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(4));
        rig.TakeWaiting();
        rig.EndBatch();
        rig.Lengths.Count.ShouldBe(48);
    }

    [Theory]
    [InlineData(RingRig.DatagramBytesMax, RingRig.DatagramBytesMax)]
    [InlineData(RingRig.DatagramBytesMax + 1, RingRig.DatagramBytesMax + 1)]
    [InlineData(1400, RingRig.DatagramBytesMax + 1)]
    public void Datagram_TooLong_IsToldByItsLength(int sent, int told)
    {
        using var rig = new RingRig(sockets: 1);
        using var peer = new Loopback();
        peer.Send(rig.Endpoint(0), new byte[sent]);
        rig.Take(1);
        rig.Lengths.ShouldBe([told]);
    }

    [Fact]
    public void Datagrams_MoreThanBuffers_AllComeInOrder()
    {
        const int sockets = 24, each = 60;
        using var rig = new RingRig(sockets);
        using var peer = new Loopback();
        for (var i = 0; i < sockets * each; i++) peer.Send(rig.Endpoint(i % sockets), [(byte)(i / sockets)]);
        rig.Take(sockets * each);
        rig.Ring.Shortages.ShouldBeGreaterThan(0, "the buffers were not enough at once");
        for (var socket = 0; socket < sockets; socket++)
        {
            var mine = rig.Received.Where(r => r.Number == socket).Select(r => (int)r.First);
            mine.ShouldBe(Enumerable.Range(0, each));
        }
    }

    [Fact]
    public void Stale_DatagramsOfBefore_AreThrownAwayAndThoseOfOthersNot()
    {
        using var rig = new RingRig(sockets: 2);
        using var peer = new Loopback();
        peer.Send(rig.Endpoint(1), "other"u8);
        peer.Send(rig.Endpoint(0), "past"u8);
        rig.Ring.Wait(0);
        rig.Ring.Wait(0);
        rig.Ring.MarkStale(0);
        peer.Send(rig.Endpoint(0), "present"u8);
        rig.Take(2);
        rig.Told.ShouldBe([$"1 {peer.Endpoint} other", $"0 {peer.Endpoint} present"], ignoreOrder: true);
        rig.Ring.Stale.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Queued_FromTheRingsBuffers_LeavesInOrderWithTheBatch(bool registers)
    {
        using var rig = new RingRig(sockets: 2, registers: registers);
        using Loopback from = new(), to = new();
        UdpSocket.Connect(rig.Socket(1), to.Endpoint).ShouldBe(0);
        for (var i = 0; i < 5; i++) from.Send(rig.Endpoint(0), [(byte)i]);
        rig.SendOnBy = 1;
        rig.Take(5);
        var buffer = new byte[16];
        for (var i = 0; i < 5; i++)
        {
            UdpSocket.ReceiveFrom(to.Socket, buffer, out var source).ShouldBe(1);
            (buffer[0], source).ShouldBe(((byte)i, rig.Endpoint(1)));
        }
    }

    [Fact]
    public void Queued_FromElsewhere_IsRefusedAndWhatWasQueuedIsGone()
    {
        using var rig = new RingRig(sockets: 2);
        using Loopback from = new(), to = new();
        UdpSocket.Connect(rig.Socket(1), to.Endpoint).ShouldBe(0);
        from.Send(rig.Endpoint(0), "x"u8);
        rig.SendOnBy = 1;
        rig.TakeWithoutEnd();
        UdpSocket.Receive(to.Socket, new byte[16]).ShouldBe(UdpSocket.WouldBlock);
        rig.Ring.TryQueue(1, "elsewhere"u8).ShouldBeFalse();
        UdpSocket.Receive(to.Socket, new byte[16]).ShouldBe(1);
    }

    [Fact]
    public void Queued_AfterARefusal_IsToldAndSentOnceMore()
    {
        using var rig = new RingRig(sockets: 2);
        using var from = new Loopback();
        var gone = new Loopback();
        UdpSocket.Connect(rig.Socket(1), gone.Endpoint).ShouldBe(0);
        var port = gone.Endpoint.Port;
        gone.Dispose();
        from.Send(rig.Endpoint(0), "hello"u8);
        rig.SendOnBy = 1;
        rig.TakeWithoutEnd();
        // The refusal of this one is what the queued one meets.
        UdpSocket.Send(rig.Socket(1), "lost"u8).ShouldBe(4);
        using var back = new Loopback(port: port);
        rig.EndBatch();
        rig.Failures.ShouldBe([(1, Refused, 5)]);
        var buffer = new byte[16];
        UdpSocket.Receive(back.Socket, buffer).ShouldBe(5);
        buffer[..5].ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public void Queued_ToASocketWithoutAPeer_IsToldAsFailed()
    {
        using var rig = new RingRig(sockets: 2);
        using var from = new Loopback();
        from.Send(rig.Endpoint(0), "x"u8);
        rig.SendOnBy = 1;
        rig.Take(1);
        const int noDestination = -89;
        rig.Failures.ShouldBe([(1, noDestination, noDestination)]);
    }

    [Fact]
    public void Receive_AfterAnError_GoesOn()
    {
        using var rig = new RingRig(sockets: 1);
        var peer = new Loopback();
        var port = peer.Endpoint.Port;
        UdpSocket.Connect(rig.Socket(0), peer.Endpoint).ShouldBe(0);
        peer.Dispose();
        UdpSocket.Send(rig.Socket(0), "x"u8);
        rig.Take(1);
        rig.Lengths.ShouldBe([Refused]);
        using var back = new Loopback(port: port);
        back.Send(rig.Endpoint(0), "again"u8);
        rig.Take(1);
        rig.Told.ShouldBe([$"0 {back.Endpoint} again"]);
    }

    [Fact]
    public void Epoll_Events_AreToldUntilItHasNone()
    {
        using var rig = new RingRig(sockets: 1);
        using var wake = new EventFd();
        rig.Epoll.Add(wake.Descriptor, 7).ShouldBe(0);
        rig.Take(0);
        rig.Ring.IsEpollReady.ShouldBeFalse();
        var events = new EpollEvent[4];
        for (var round = 0; round < 3; round++)
        {
            wake.Signal();
            rig.Ring.Wait(1_000_000);
            rig.TakeWithoutEnd();
            for (var turn = 0; turn < 2; turn++)
            {
                rig.Ring.IsEpollReady.ShouldBeTrue("level-triggered: not read yet");
                rig.Ring.TakeEpoll(events).ShouldBe(1);
                events[0].Data.ShouldBe(7ul);
            }
            wake.Clear();
            rig.Ring.TakeEpoll(events).ShouldBe(0);
            rig.Ring.IsEpollReady.ShouldBeFalse();
        }
    }

    [Fact]
    public void Stop_WhatComesAfterwards_StaysInTheSocketAndThePortIsFreeAtOnce()
    {
        var rig = new RingRig(sockets: 2);
        using var peer = new Loopback();
        rig.Take(0);
        rig.Ring.Stop();
        peer.Send(rig.Endpoint(0), "late"u8);
        UdpSocket.Receive(rig.Socket(0), new byte[16]).ShouldBe(4);
        var port = rig.Endpoint(0).Port;
        rig.CloseSockets();
        using var next = new Loopback(port: port);
        next.Endpoint.Port.ShouldBe(port);
        rig.Dispose();
        rig.Dispose();
    }

    [Fact]
    public void Ring_MoreSocketsThanItCanHave_IsRefused()
    {
        using var epoll = new Epoll();
        DatagramRing.TryOpen(epoll, DatagramRing.SocketsMax + 1, 100, 0, out var ring).ShouldBe(-22);
        ring.ShouldBeNull();
    }

    [Fact]
    public void Probe_OnThisMachine_SaysThatRingsWork()
    {
        Assert.SkipUnless(Rings.Missing is null, Rings.Missing ?? "");
        RingProbe.Run(IpEndpoint.From(System.Net.IPAddress.Loopback, 0)).ShouldBe(0);
    }

    [Fact]
    public void Probe_OfAnAddressThatIsNotHere_SaysWhy() =>
        RingProbe.Run(IpEndpoint.From(System.Net.IPAddress.Parse("192.0.2.1"), 0)).ShouldBeLessThan(0);

    [Fact]
    public void Datagram_ReceivedAndSentOn_AllocatesNothing()
    {
        using var rig = new RingRig(sockets: 2);
        using Loopback from = new(), to = new();
        UdpSocket.Connect(rig.Socket(1), to.Endpoint).ShouldBe(0);
        var endpoint = rig.Endpoint(0);
        var packet = new byte[172];
        AllocationProbe.Bytes(300, () =>
        {
            UdpSocket.SendTo(from.Socket, packet, endpoint);
            rig.RelayOne();
            UdpSocket.Receive(to.Socket, packet);
        }).ShouldBe(0);
        rig.Relayed.ShouldBeGreaterThan(300);
    }
}
