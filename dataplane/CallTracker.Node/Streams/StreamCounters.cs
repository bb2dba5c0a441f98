using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>What happened on connections since the start. Any thread.</summary>
internal sealed class StreamCounters
{
    private readonly long[] _opened = new long[4];
    private readonly long[] _refused = new long[Enum.GetValues<RefuseCause>().Length];
    private readonly long[] _closed = new long[Enum.GetValues<CloseCause>().Length];
    private readonly long[] _failures = new long[Enum.GetValues<ConnectFailure>().Length];
    private long _received;
    private long _sent;
    private long _pings;
    private long _undelivered;
    private long _queueFull;
    private long _waits;

    public long Received => Interlocked.Read(ref _received);
    public long Sent => Interlocked.Read(ref _sent);
    /// <summary>Keep-alives answered.</summary>
    public long Pings => Interlocked.Read(ref _pings);
    /// <summary>Messages that were queued and could not be delivered, also not on a new connection.</summary>
    public long Undelivered => Interlocked.Read(ref _undelivered);
    /// <summary>Messages refused because too much waited on their connection.</summary>
    public long QueueFull => Interlocked.Read(ref _queueFull);
    /// <summary>Times a reader waited because a worker or the buffers had no room.</summary>
    public long Waits => Interlocked.Read(ref _waits);

    public long Opened(SipTransportKind kind, bool isOutbound) => Interlocked.Read(ref _opened[At(kind, isOutbound)]);
    public long Refused(RefuseCause cause) => Interlocked.Read(ref _refused[(int)cause]);
    public long Closed(CloseCause cause) => Interlocked.Read(ref _closed[(int)cause]);
    public long Failures(ConnectFailure failure) => Interlocked.Read(ref _failures[(int)failure]);

    public void AddOpened(SipTransportKind kind, bool isOutbound) =>
        Interlocked.Increment(ref _opened[At(kind, isOutbound)]);
    public void Add(RefuseCause cause) => Interlocked.Increment(ref _refused[(int)cause]);
    public void Add(CloseCause cause) => Interlocked.Increment(ref _closed[(int)cause]);
    public void Add(ConnectFailure failure) => Interlocked.Increment(ref _failures[(int)failure]);
    public void AddReceived() => Interlocked.Increment(ref _received);
    public void AddSent() => Interlocked.Increment(ref _sent);
    public void AddPing() => Interlocked.Increment(ref _pings);
    public void AddUndelivered() => Interlocked.Increment(ref _undelivered);
    public void AddQueueFull() => Interlocked.Increment(ref _queueFull);
    public void AddWait() => Interlocked.Increment(ref _waits);

    private static int At(SipTransportKind kind, bool isOutbound) =>
        (kind == SipTransportKind.Tls ? 2 : 0) + (isOutbound ? 1 : 0);
}
