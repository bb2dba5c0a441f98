using CallTracker.Core.Linux;
using CallTracker.Core.Linux.Uring;

namespace CallTracker.Core.Net;

/// <summary>
/// Thousands of UDP sockets on one io_uring: their datagrams come without a system call each (multishot receives into
/// buffers that the kernel takes itself), and what is sent on from such a buffer leaves together with others. A few
/// other descriptors are polled by the ring (<see cref="TryPoll"/>); all else that a loop waits for stays in its
/// <see cref="Epoll"/>, which the ring watches as one descriptor. The thread that calls <see cref="Start"/> owns it.
/// <para>A turn: <see cref="Wait"/>, then <see cref="TryTake"/> until it is false and <see cref="TryEndBatch"/> until
/// it is true, then <see cref="TakeReady"/>.</para>
/// </summary>
public sealed unsafe class DatagramRing : IDisposable
{
    private const int BufferCount = 512;
    // More than one for each buffer, so that a batch of sends never fills it.
    private const int EntryCount = 2 * BufferCount;
    private const int CompletionCountMax = 65_536;
    // The polls, the epoll's watch, pauses that found nothing to end, and the end.
    private const int OthersMax = RingPolls.CountMax + PausesMax + 4;
    private const ushort BufferGroup = 0;
    // struct io_uring_recvmsg_out { u32 namelen, controllen, payloadlen, flags; }, then the name.
    private const int HeaderBytes = 16;
    private const int NameBytes = 32;
    private const int PrefixBytes = HeaderBytes + NameBytes;
    private const ulong SendMark = 1UL << 63;
    private const ulong EpollMark = 1UL << 62;
    private const ulong CancelMark = 1UL << 61;
    private const ulong PollMark = 1UL << 60;
    private const int NoBuffers = -105;
    private const int Cancelled = -125;
    private const int StopTries = 100;
    private const int StopWaitUs = 10_000;
    private readonly IoUring _ring;
    private readonly UringBuffers _buffers;
    private readonly Epoll _epoll;
    private readonly RingSockets _sockets;
    private readonly long[] _staleUntil;
    private readonly int[] _used = new int[BufferCount];
    private readonly RingPolls _polls = new();
    private readonly int _datagramBytesMax;
    private int _usedCount;
    private long _anyStaleUntil;
    private bool _isEpollWatched;
    private bool _isStarted;
    private bool _isStopping;
    private bool _disposed;

    private DatagramRing(IoUring ring, UringBuffers buffers, Epoll epoll, int socketsMax, int datagramBytesMax)
    {
        _ring = ring;
        _buffers = buffers;
        _epoll = epoll;
        _datagramBytesMax = datagramBytesMax;
        _sockets = new RingSockets(ring, socketsMax, BufferGroup, NameBytes);
        _staleUntil = new long[socketsMax];
    }

    /// <summary>How many sockets can be paused at a time.</summary>
    public const int PausesMax = RingSockets.PausesMax;

    /// <summary>How many sockets one ring can have.</summary>
    public static int SocketsMax => CompletionCountMax - EntryCount - BufferCount - OthersMax;

    /// <summary>True when the epoll has events, or had some when it was looked at last.</summary>
    public bool IsEpollReady { get; private set; }

    /// <summary>True when <see cref="Wait"/> can gather (Linux 6.12).</summary>
    public bool CanGather => _ring.CanGather;

    /// <summary>Receives that found no buffer; they were begun again, and nothing was lost by it.</summary>
    public long Shortages { get; private set; }

    /// <summary>Datagrams that came before <see cref="MarkStale"/>, and were thrown away.</summary>
    public long Stale { get; private set; }

    /// <summary>Sockets that were paused, since start.</summary>
    public long Pauses => _sockets.Pauses;

    /// <summary>For tests of what an older kernel does.</summary>
    internal bool RegistersSockets { get; set; } = true;

    /// <summary>Makes a ring; any thread.</summary>
    /// <param name="epoll">What else the loop waits for.</param>
    /// <param name="socketsMax">Sockets it may be given; at most <see cref="SocketsMax"/>.</param>
    /// <param name="datagramBytesMax">Longer datagrams are cut, and told by their length.</param>
    /// <param name="roomBytes">Free bytes behind the longest datagram.</param>
    /// <param name="ring">The ring; null with an error.</param>
    /// <returns>0, or a negated errno.</returns>
    public static int TryOpen(
        Epoll epoll, int socketsMax, int datagramBytesMax, int roomBytes, out DatagramRing? ring)
    {
        ring = null;
        // No more completions can be due at once: each holds a buffer, or ended a receive, or is a failed send; beside
        // the polls', the epoll's and that of the end.
        var completions = 1;
        while (completions < socketsMax + BufferCount + EntryCount + OthersMax) completions *= 2;
        if (completions > CompletionCountMax) return -LibC.Invalid;
        var result = IoUring.TryOpen(EntryCount, completions, out var inner);
        if (inner is null) return result;
        var buffers = new UringBuffers(BufferCount, PrefixBytes + datagramBytesMax, roomBytes);
        result = buffers.Register(inner, BufferGroup);
        if (result == 0)
        {
            ring = new DatagramRing(inner, buffers, epoll, socketsMax, datagramBytesMax);
            return 0;
        }
        inner.Dispose();
        buffers.Dispose();
        return result;
    }

    /// <summary>Adds a socket, before <see cref="Start"/>; its datagrams come with the number.</summary>
    /// <param name="number">Below the ring's bound, each once.</param>
    /// <param name="socket">It stays open until the ring was stopped.</param>
    public void Watch(int number, int socket) => _sockets.Add(number, socket);

    /// <summary>
    /// Waits for a descriptor's input too, from the next <see cref="Wait"/> on: level-triggered, told by <see
    /// cref="TakeReady"/>. Before <see cref="Start"/>, or by the owner. False when there are as many as can be; an
    /// epoll is for those.
    /// </summary>
    /// <param name="descriptor">It stays open until the ring was stopped.</param>
    /// <param name="data">Comes back with its events.</param>
    public bool TryPoll(int descriptor, ulong data) => _polls.TryAdd(descriptor, data);

    /// <summary>The calling thread owns the ring from now on. 0, or a negated errno.</summary>
    public int Start()
    {
        var result = _ring.Enable();
        if (result < 0) return result;
        _isStarted = true;
        if (RegistersSockets) _sockets.Register();
        return 0;
    }

    /// <summary>Datagrams of a socket that came in so far are for nobody.</summary>
    public void MarkStale(int number) =>
        _anyStaleUntil = _staleUntil[number] = _ring.Taken + _ring.WaitingCount;

    /// <summary>
    /// Receives nothing more of a socket from the next turn on; what comes stays in it. False when it is paused
    /// already, or as many as may be are.
    /// </summary>
    public bool TryPause(int number) => _sockets.TryPause(number, CancelMark);

    /// <summary>Ends a pause; a socket that is not paused is left alone.</summary>
    public void Resume(int number) => _sockets.Resume(number);

    /// <summary>Waits for datagrams, a poll, or an event of the epoll.</summary>
    /// <param name="timeoutUs">At most so long; not at all while the epoll or a poll is ready.</param>
    /// <param name="gatherCount">So many end the wait at once.</param>
    /// <param name="gatherUs">After so long one is enough; 0: at once. Nothing on kernels before 6.12.</param>
    public void Wait(long timeoutUs, int gatherCount = 1, int gatherUs = 0)
    {
        Arm();
        var waitUs = IsEpollReady || _polls.AreReady ? 0 : timeoutUs;
        var restUs = (int)Math.Min(waitUs, gatherUs);
        if (restUs > 0 && _ring.CanGather) _ring.Wait(waitUs, gatherCount, restUs);
        else _ring.Wait(waitUs);
    }

    /// <summary>The next that came; false when there is none.</summary>
    public bool TryTake(out RingDatagram datagram)
    {
        while (_ring.TryTake(out var done))
        {
            if (done.Data < (ulong)_sockets.Count)
            {
                if (TryRead(done, out datagram)) return true;
            }
            else if ((done.Data & SendMark) != 0)
            {
                datagram = SendAgain(done);
                return true;
            }
            else if (done.Data == EpollMark)
            {
                IsEpollReady = true;
                if (!done.HasMore) _isEpollWatched = false;
            }
            else if ((done.Data & PollMark) != 0)
            {
                _polls.OnDone((int)(uint)done.Data, done.Result);
            }
        }
        datagram = default;
        return false;
    }

    /// <summary>The socket of what comes after so many others; -1 when that is something else, or nothing.</summary>
    public int NumberAhead(int after) =>
        _ring.TryPeek(after, out var data) && data < (ulong)_sockets.Count ? (int)data : -1;

    /// <summary>
    /// Sends what was queued and gives all buffers back. False when something is to be taken first: failed sends.
    /// </summary>
    public bool TryEndBatch()
    {
        Flush();
        if (_ring.WaitingCount > 0) return false;
        // What the kernel had no memory to take yet still stands in its buffer.
        if (_ring.PendingCount > 0) return true;
        if (_usedCount == 0) return true;
        for (var i = 0; i < _usedCount; i++) _buffers.Return(_used[i]);
        _usedCount = 0;
        _buffers.Publish();
        return true;
    }

    /// <summary>The events of the polls, and of the epoll when it has some; their number.</summary>
    public int TakeReady(Span<EpollEvent> events)
    {
        var count = _polls.AreReady ? _polls.Take(events) : 0;
        return IsEpollReady && count < events.Length ? count + TakeEpoll(events[count..]) : count;
    }

    /// <summary>Looks at the epoll without waiting; the number of events.</summary>
    public int TakeEpoll(Span<EpollEvent> events)
    {
        var count = _epoll.Wait(events, 0);
        // It is level-triggered, and tells the ring of what is new alone: it is asked until it has nothing.
        IsEpollReady = count > 0;
        return count;
    }

    /// <summary>
    /// Queues a datagram that stands in one of the ring's buffers, to a socket's connected peer. It leaves with the
    /// batch, in order; what fails comes back by <see cref="TryTake"/>. False for bytes that stand elsewhere: send them
    /// directly, those that were queued are gone by then.
    /// </summary>
    public bool TryQueue(int number, ReadOnlySpan<byte> datagram)
    {
        fixed (byte* start = datagram)
        {
            if (_buffers.Holds(start) && _ring.TryTakeEntry(out var slot) is var entry && entry != null)
            {
                entry->Operation = UringCall.OperationSend;
                entry->Flags = (byte)(UringCall.EntrySkipsSuccess | _sockets.Flags);
                entry->Descriptor = _sockets.NameOf(number);
                entry->Address = start;
                entry->Length = (uint)datagram.Length;
                entry->OperationFlags = LibC.MessageDontWait;
                entry->Data = SendMark | ((ulong)slot << 32) | (uint)number;
                return true;
            }
        }
        Flush();
        return false;
    }

    /// <summary>Sends what was queued.</summary>
    public void Flush()
    {
        if (_ring.PendingCount > 0) _ring.Submit();
    }

    /// <summary>Ends all receives; by the owner, before the sockets are closed. What comes later stays in
    /// them.</summary>
    public void Stop()
    {
        if (!_isStarted || _isStopping) return;
        _isStopping = true;
        _sockets.BeginStop();
        Flush();
        var entry = _ring.TryTakeEntry(out _);
        if (entry == null) return;
        entry->Operation = UringCall.OperationCancel;
        entry->OperationFlags = UringCall.CancelAll | UringCall.CancelAny;
        entry->Data = CancelMark;
        for (var i = 0; i < StopTries && HasOrders; i++)
        {
            _ring.Wait(StopWaitUs);
            while (TryTake(out _))
            {
                // What came last is for nobody.
            }
        }
        _sockets.Unregister();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        Stop();
        _ring.Dispose();
        _buffers.Dispose();
        _sockets.Dispose();
    }

    private bool HasOrders => _isEpollWatched || _sockets.ArmedCount + _polls.ArmedCount > 0;

    private bool TryRead(scoped in UringCompletion done, out RingDatagram datagram)
    {
        var number = (int)done.Data;
        if (!done.HasMore) _sockets.OnEnded(number);
        if (done.Result < 0 || !done.HasBuffer) return TryReadError(number, done.Result, out datagram);
        _used[_usedCount++] = done.Buffer;
        if (_ring.Taken <= _anyStaleUntil && _ring.Taken <= _staleUntil[number])
        {
            Stale++;
            datagram = default;
            return false;
        }
        var buffer = _buffers.At(done.Buffer);
        var isCut = (((int*)buffer)[3] & LibC.MessageTruncated) != 0;
        datagram = new RingDatagram
        {
            Number = number,
            Length = isCut ? _datagramBytesMax + 1 : ((int*)buffer)[2],
            Start = buffer + PrefixBytes,
            Source = ((SockAddr*)(buffer + HeaderBytes))->Read(),
        };
        return true;
    }

    private bool TryReadError(int number, int error, out RingDatagram datagram)
    {
        if (error == NoBuffers) Shortages++;
        var isOwn = error is NoBuffers or Cancelled or >= 0;
        datagram = isOwn ? default : new RingDatagram { Number = number, Length = error };
        return !isOwn;
    }

    // A connected socket reports the refusal of an earlier datagram instead of sending this one: send it once more.
    private RingDatagram SendAgain(scoped in UringCompletion done)
    {
        var entry = _ring.EntryAt((uint)(done.Data >> 32) & (EntryCount - 1));
        var number = (int)(uint)done.Data;
        var resent = done.Result == UdpSocket.Refused
            ? UdpSocket.Send(_sockets[number], new ReadOnlySpan<byte>(entry->Address, (int)entry->Length))
            : done.Result;
        return new RingDatagram
        {
            Number = number,
            Length = done.Result,
            IsFailedSend = true,
            Resent = resent,
            Start = (byte*)entry->Address,
            SentLength = (int)entry->Length,
        };
    }

    // Nothing else is pending here: a batch was ended before.
    private void Arm()
    {
        if (!_isEpollWatched) WatchEpoll();
        _polls.Arm(_ring, PollMark);
        _sockets.Arm();
    }

    private void WatchEpoll()
    {
        var entry = _ring.TryTakeEntry(out _);
        if (entry == null) return;
        _isEpollWatched = true;
        entry->Operation = UringCall.OperationPollAdd;
        entry->Descriptor = _epoll.Descriptor;
        entry->Length = UringCall.PollMultishot;
        entry->OperationFlags = UringCall.PollIn;
        entry->Data = EpollMark;
    }
}
