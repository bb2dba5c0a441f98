using System.Diagnostics;
using CallTracker.Core.Linux;
using CallTracker.Core.Net;
using CallTracker.Core.Tests.Support;

namespace CallTracker.Core.Tests.Net;

/// <summary>What a worker's loop relies on: level-triggered input, data given back, bounded waits, wake-ups.</summary>
public sealed class EpollTests : IDisposable
{
    private const int BadDescriptor = -9;
    private const int AlreadyThere = -17;
    private readonly Epoll _epoll = new();
    private readonly EpollEvent[] _events = new EpollEvent[16];

    [Fact]
    public void Wait_Input_GivesTheDataRegisteredUntilItIsRead()
    {
        using Loopback quiet = new(), busy = new(), peer = new();
        _epoll.Add(quiet.Socket, 1).ShouldBe(0);
        _epoll.Add(busy.Socket, ulong.MaxValue - 5).ShouldBe(0);
        _epoll.Wait(_events, 0).ShouldBe(0);
        peer.Send(busy.Endpoint, "x"u8);
        for (var turn = 0; turn < 2; turn++)
        {
            _epoll.Wait(_events, 1000).ShouldBe(1, "level-triggered: told again until read");
            _events[0].Data.ShouldBe(ulong.MaxValue - 5);
        }
        UdpSocket.Receive(busy.Socket, new byte[8]).ShouldBe(1);
        _epoll.Wait(_events, 0).ShouldBe(0);
    }

    [Fact]
    public void Wait_MoreReadyThanRoom_ComesRoundToAll()
    {
        var sockets = Enumerable.Range(0, 8).Select(_ => new Loopback()).ToArray();
        using var peer = new Loopback();
        for (var i = 0; i < sockets.Length; i++)
        {
            _epoll.Add(sockets[i].Socket, (ulong)i);
            peer.Send(sockets[i].Endpoint, "x"u8);
        }
        var seen = new HashSet<ulong>();
        for (var turn = 0; turn < 4; turn++)
        {
            _epoll.Wait(_events.AsSpan(0, 3), 1000).ShouldBe(3);
            for (var i = 0; i < 3; i++) seen.Add(_events[i].Data);
        }
        seen.Count.ShouldBe(8);
        foreach (var socket in sockets) socket.Dispose();
    }

    // The runtime stops threads by signals, and a signal ends a wait early: how often depends on what else runs in this
    // process. A wait that nothing cuts short lasts, so one of many does; a wait that keeps no time-out never would.
    [Fact]
    public void Wait_NothingHappens_ReturnsAtTheTimeout()
    {
        var longestMs = 0L;
        for (var i = 0; i < 200 && longestMs < 29; i++)
        {
            var watch = Stopwatch.StartNew();
            _epoll.Wait(_events, 30).ShouldBe(0);
            watch.ElapsedMilliseconds.ShouldBeLessThan(5000);
            longestMs = Math.Max(longestMs, watch.ElapsedMilliseconds);
        }
        longestMs.ShouldBeGreaterThanOrEqualTo(29);
    }

    // The best of those that no signal cut short: the machine may be busy, and a wait in whole milliseconds never takes
    // less than one. Waits that are always a little short would never last.
    [Fact]
    public void WaitPrecisely_NothingHappens_KeepsTheMicrosecondsAndIsNotEarly()
    {
        var (best, lasted) = (long.MaxValue, 0);
        for (var i = 0; i < 5000 && (lasted < 40 || best >= 1000); i++)
        {
            var start = Stopwatch.GetTimestamp();
            _epoll.WaitPrecisely(_events, 300).ShouldBe(0);
            var us = (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            if (us < 300) continue;
            lasted++;
            best = Math.Min(best, us);
        }
        lasted.ShouldBeGreaterThanOrEqualTo(40, "a signal ends a wait, nothing else does");
        best.ShouldBeLessThan(1000);
    }

    [Fact]
    public void WaitPrecisely_WithInput_ReturnsItAtOnce()
    {
        using Loopback socket = new(), peer = new();
        _epoll.Add(socket.Socket, 5);
        peer.Send(socket.Endpoint, "x"u8);
        _epoll.WaitPrecisely(_events, 5_000_000).ShouldBe(1);
        _events[0].Data.ShouldBe(5UL);
        _epoll.WaitPrecisely(_events, 0).ShouldBe(1);
    }

    [Fact]
    public void Wait_NoRoom_GivesNothing() => _epoll.Wait([], 0).ShouldBe(0);

    [Fact]
    public void Remove_Watched_IsNoLongerTold()
    {
        using Loopback socket = new(), peer = new();
        _epoll.Add(socket.Socket, 1);
        peer.Send(socket.Endpoint, "x"u8);
        _epoll.Remove(socket.Socket);
        _epoll.Wait(_events, 0).ShouldBe(0);
    }

    [Fact]
    public void Add_TwiceOrClosed_GivesTheError()
    {
        using var socket = new Loopback();
        _epoll.Add(socket.Socket, 1).ShouldBe(0);
        _epoll.Add(socket.Socket, 2).ShouldBe(AlreadyThere);
        _epoll.Add(-1, 3).ShouldBe(BadDescriptor);
    }

    [Fact]
    public void Dispose_Twice_DoesNotCloseAStrangersDescriptor()
    {
        var epoll = new Epoll();
        epoll.Dispose();
        using Loopback stranger = new(), peer = new();
        epoll.Dispose();
        peer.Send(stranger.Endpoint, "x"u8);
        UdpSocket.Receive(stranger.Socket, new byte[8]).ShouldBe(1);
    }

    [Fact]
    public async Task EventFd_SignalFromAnotherThread_WakesAndIsClearedOnce()
    {
        using var wake = new EventFd();
        _epoll.Add(wake.Descriptor, 42);
        await Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++) wake.Signal();
        });
        _epoll.Wait(_events, 1000).ShouldBe(1);
        _events[0].Data.ShouldBe(42UL);
        wake.Clear();
        _epoll.Wait(_events, 0).ShouldBe(0, "one clear takes all signals");
        wake.Clear();
        wake.Signal();
        _epoll.Wait(_events, 0).ShouldBe(1);
    }

    [Fact]
    public void EventFd_DisposedTwice_DoesNotCloseAStrangersDescriptor()
    {
        var wake = new EventFd();
        wake.Dispose();
        using Loopback stranger = new(), peer = new();
        wake.Dispose();
        peer.Send(stranger.Endpoint, "x"u8);
        UdpSocket.Receive(stranger.Socket, new byte[8]).ShouldBe(1);
    }

    public void Dispose() => _epoll.Dispose();
}
