using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>
/// The system calls the data plane uses, blittable, without marshalling. Errors are read with
/// <see cref="Marshal.GetLastSystemError"/> straight after the call. Constants are those of Linux on x86-64 and arm64.
/// </summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";
    public const int NotPermitted = 1;
    public const int Again = 11;
    public const int Invalid = 22;
    public const int Interrupted = 4;
    public const int NetworkUnreachable = 101;
    public const int ConnectionRefused = 111;
    public const int HostUnreachable = 113;
    public const int NotImplemented = 38;
    public const int SockDgram = 2;
    public const int SockNonBlock = 0x800;
    public const int SockCloseOnExec = 0x80000;
    public const int SolSocket = 1;
    public const int SoReuseAddr = 2;
    public const int SoSendBuffer = 7;
    public const int SoReceiveBuffer = 8;
    public const int SoReusePort = 15;
    public const int SoTimestampNs = 35;
    public const int SoReceiveOverflow = 40;
    public const int SoReceiveBufferForce = 33;
    public const int SoAttachReusePortFilter = 51;
    public const int IpProtoIp = 0;
    public const int IpReceiveErrors = 11;
    public const int IpProtoIpv6 = 41;
    public const int Ipv6ReceiveErrors = 25;
    public const int MessageErrorQueue = 0x2000;
    public const int Ipv6Only = 26;
    public const int MessageTruncated = 0x20;
    public const int MessageDontWait = 0x40;
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const int EventFdNonBlock = 0x800;
    public const int EventFdCloseOnExec = 0x80000;
    public const int ResourceNoFile = 7;
    public const int ClockRealTime = 0;
    public const int ClockThreadCpu = 3;
    public const int SolUdp = 17;
    public const int UdpSegment = 103;

    [LibraryImport(Library, EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "bind")]
    public static partial int Bind(int descriptor, SockAddr* address, int length);

    [LibraryImport(Library, EntryPoint = "connect")]
    public static partial int Connect(int descriptor, SockAddr* address, int length);

    [LibraryImport(Library, EntryPoint = "getsockname")]
    public static partial int GetSockName(int descriptor, SockAddr* address, int* length);

    [LibraryImport(Library, EntryPoint = "setsockopt")]
    public static partial int SetSockOpt(int descriptor, int level, int name, int* value, int length);

    [LibraryImport(Library, EntryPoint = "setsockopt")]
    public static partial int SetSockOpt(int descriptor, int level, int name, BpfProgram* value, int length);

    [LibraryImport(Library, EntryPoint = "getsockopt")]
    public static partial int GetSockOpt(int descriptor, int level, int name, int* value, int* length);

    [LibraryImport(Library, EntryPoint = "recv")]
    public static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recvfrom")]
    public static partial nint ReceiveFrom(
        int descriptor, byte* buffer, nuint length, int flags, SockAddr* address, int* addressLength);

    [LibraryImport(Library, EntryPoint = "recvmmsg")]
    public static partial int ReceiveMany(int descriptor, MultiMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport(Library, EntryPoint = "recvmsg")]
    public static partial nint ReceiveMessage(int descriptor, MultiMessage* message, int flags);

    [LibraryImport(Library, EntryPoint = "sendmsg")]
    public static partial nint SendMessage(int descriptor, MultiMessage* message, int flags);

    [LibraryImport(Library, EntryPoint = "send")]
    public static partial nint Send(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "sendto")]
    public static partial nint SendTo(
        int descriptor, byte* buffer, nuint length, int flags, SockAddr* address, int addressLength);

    [LibraryImport(Library, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int epoll, int operation, int descriptor, EpollEvent* change);

    [LibraryImport(Library, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, EpollEvent* events, int eventsMax, int timeoutMs);

    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    [LibraryImport(Library, EntryPoint = "nanosleep")]
    public static partial int NanoSleep(TimeSpec* duration, TimeSpec* remaining);

    [LibraryImport(Library, EntryPoint = "epoll_pwait2")]
    public static partial int EpollWaitPrecisely(
        int epoll, EpollEvent* events, int eventsMax, TimeSpec* timeout, void* signalMask);

    [LibraryImport(Library, EntryPoint = "eventfd")]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "read")]
    public static partial nint Read(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "write")]
    public static partial nint Write(int descriptor, byte* buffer, nuint length);

    [LibraryImport(Library, EntryPoint = "getrlimit")]
    public static partial int GetLimit(int resource, ulong* limits);

    [LibraryImport(Library, EntryPoint = "setrlimit")]
    public static partial int SetLimit(int resource, ulong* limits);

    // Of Linux: 0 is the calling thread, not its process.
    [LibraryImport(Library, EntryPoint = "sched_setscheduler")]
    public static partial int SetScheduler(int thread, int policy, int* priority);

    [LibraryImport(Library, EntryPoint = "sched_getscheduler")]
    public static partial int GetScheduler(int thread);
}
