using System.Runtime.InteropServices;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// A wake-up that other threads send to a worker's <see cref="Epoll"/>. Any thread signals, also when it is over; the
/// worker clears.
/// </summary>
public sealed unsafe class EventFd : IDisposable
{
    private int _signalling;
    private int _isOver;

    public EventFd()
    {
        Descriptor = LibC.EventFd(0, LibC.EventFdNonBlock | LibC.EventFdCloseOnExec);
        if (Descriptor < 0) throw new IOException($"eventfd failed with errno {Marshal.GetLastSystemError()}.");
    }

    public int Descriptor { get; private set; }

    public void Signal()
    {
        ulong one = 1;
        Interlocked.Increment(ref _signalling);
        if (Volatile.Read(ref _isOver) == 0) _ = LibC.Write(Descriptor, (byte*)&one, sizeof(ulong));
        Interlocked.Decrement(ref _signalling);
    }

    public void Clear()
    {
        ulong count;
        _ = LibC.Read(Descriptor, (byte*)&count, sizeof(ulong));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        // A number that is closed may be a file's at once, and a signal on its way would be written into that.
        var wait = default(SpinWait);
        while (Volatile.Read(ref _signalling) != 0) wait.SpinOnce();
        _ = LibC.Close(Descriptor);
        Descriptor = -1;
    }
}
