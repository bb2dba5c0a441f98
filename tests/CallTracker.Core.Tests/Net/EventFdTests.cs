using CallTracker.Core.Linux;
using CallTracker.Core.Net;

namespace CallTracker.Core.Tests.Net;

/// <summary>A wake-up that outlives its worker must not reach what has its number afterwards.</summary>
public sealed class EventFdTests
{
    [Fact]
    public void Signal_UntilCleared_IsInput()
    {
        using Epoll epoll = new();
        using EventFd wake = new();
        epoll.Add(wake.Descriptor, 1);
        IsReady(epoll).ShouldBeFalse();
        wake.Signal();
        wake.Signal();
        IsReady(epoll).ShouldBeTrue();
        wake.Clear();
        IsReady(epoll).ShouldBeFalse();
    }

    [Fact]
    public void Signal_WhileAndAfterItsEnd_ReachesNothingElse()
    {
        using Epoll epoll = new();
        var current = new EventFd();
        var isDone = false;
        // In the background: a test that fails must not wait for them.
        var others = Enumerable.Range(0, 4).Select(_ => new Thread(SignalAll) { IsBackground = true }).ToList();
        others.ForEach(other => other.Start());
        for (var round = 0; round < 60_000; round++)
        {
            current.Dispose();
            // It has the number that has just become free, and nobody knows of it yet.
            var next = new EventFd();
            epoll.Add(next.Descriptor, 1);
            for (var look = 0; look < 3; look++) IsReady(epoll).ShouldBeFalse();
            epoll.Remove(next.Descriptor);
            Volatile.Write(ref current, next);
        }
        Volatile.Write(ref isDone, true);
        others.ForEach(other => other.Join());
        current.Dispose();
        current.Dispose();

        void SignalAll()
        {
            while (!Volatile.Read(ref isDone)) Volatile.Read(ref current).Signal();
        }
    }

    private static bool IsReady(Epoll epoll)
    {
        Span<EpollEvent> events = stackalloc EpollEvent[1];
        return epoll.Wait(events, 0) > 0;
    }
}
