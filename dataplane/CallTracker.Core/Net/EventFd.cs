using System.Runtime.InteropServices;
using CallTracker.Core.Linux;

namespace CallTracker.Core.Net;

/// <summary>
/// A wake-up that other threads send to a worker's <see cref="Epoll"/>. Any thread signals, the worker clears.
/// </summary>
public sealed unsafe class EventFd : IDisposable
{
    public EventFd()
    {
        Descriptor = LibC.EventFd(0, LibC.EventFdNonBlock | LibC.EventFdCloseOnExec);
        if (Descriptor < 0) throw new IOException($"eventfd failed with errno {Marshal.GetLastSystemError()}.");
    }

    public int Descriptor { get; private set; }

    public void Signal()
    {
        ulong one = 1;
        _ = LibC.Write(Descriptor, (byte*)&one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        _ = LibC.Read(Descriptor, (byte*)&count, sizeof(ulong));
    }

    public void Dispose()
    {
        // A number closed twice may be somebody else's by then.
        if (Descriptor >= 0) _ = LibC.Close(Descriptor);
        Descriptor = -1;
    }
}
