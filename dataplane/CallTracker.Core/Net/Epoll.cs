using System.Runtime.InteropServices;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>One epoll instance, owned by one worker thread. Level-triggered.</summary>
public sealed unsafe class Epoll : IDisposable
{
    private const uint EventIn = 0x001;
    private static volatile bool s_isCoarse;
    private int _descriptor;

    public Epoll()
    {
        _descriptor = LibC.EpollCreate(LibC.EpollCloseOnExec);
        if (_descriptor < 0) throw new IOException($"epoll_create1 failed with errno {Marshal.GetLastSystemError()}.");
    }

    internal int Descriptor => _descriptor;

    /// <summary>
    /// Watches a descriptor for input; <paramref name="data"/> comes back with each event. 0 or a negated errno.
    /// </summary>
    public int Add(int descriptor, ulong data)
    {
        var change = new EpollEvent { Events = EventIn, Data = data };
        var result = LibC.EpollControl(_descriptor, LibC.EpollAdd, descriptor, &change);
        return result == 0 ? 0 : -Marshal.GetLastSystemError();
    }

    public void Remove(int descriptor) => _ = LibC.EpollControl(_descriptor, LibC.EpollDelete, descriptor, null);

    /// <summary>
    /// Waits up to <paramref name="timeoutMs"/> (-1: for ever); the number of events, 0 on time-out or signal.
    /// </summary>
    public int Wait(Span<EpollEvent> events, int timeoutMs)
    {
        fixed (EpollEvent* start = events)
        {
            var count = LibC.EpollWait(_descriptor, start, events.Length, timeoutMs);
            return count < 0 ? 0 : count;
        }
    }

    /// <summary>
    /// Waits up to <paramref name="timeoutUs"/> microseconds, which the kernel keeps to some 50; the number of events,
    /// 0 on time-out or signal. Where the kernel is older than 5.11 or forbids the call, whole milliseconds are waited.
    /// </summary>
    public int WaitPrecisely(Span<EpollEvent> events, long timeoutUs)
    {
        if (s_isCoarse || timeoutUs <= 0) return Wait(events, CoarseMs(timeoutUs));
        var timeout = TimeSpec.OfMicroseconds(timeoutUs);
        fixed (EpollEvent* start = events)
        {
            var count = LibC.EpollWaitPrecisely(_descriptor, start, events.Length, &timeout, null);
            if (count >= 0) return count;
        }
        s_isCoarse = Marshal.GetLastSystemError() is LibC.NotImplemented or LibC.NotPermitted;
        return s_isCoarse ? Wait(events, CoarseMs(timeoutUs)) : 0;
    }

    public void Dispose()
    {
        // A number closed twice may be somebody else's by then.
        if (_descriptor >= 0) _ = LibC.Close(_descriptor);
        _descriptor = -1;
    }

    // Never too short: what waits for a time would find that it has not come.
    private static int CoarseMs(long timeoutUs) => (int)Math.Min(int.MaxValue, (Math.Max(0, timeoutUs) + 999) / 1000);
}
