using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>
/// One TCP or TLS connection: its socket, its queue of writes and the times by which it is judged. Any thread queues
/// and closes; its reader and its writer are one task each. Found again by its number, which goes into flows.
/// </summary>
internal sealed class StreamConnection
{
    private readonly Channel<StreamWrite> _writes = Channel.CreateUnbounded<StreamWrite>(
        new UnboundedChannelOptions { SingleReader = true });
    private readonly IClock _clock;
    private readonly int _queuedBytesMax;
    private long _queuedBytes;
    private long _activeMs;
    private long _partialSinceMs;
    private long _writingSinceMs;
    private long _strangerSinceMs;
    private int _isClosed;
    private volatile Socket? _socket;

    public StreamConnection(uint number, StreamPeer peer, bool isOutbound, IClock clock, int queuedBytesMax)
    {
        (Number, Peer, IsOutbound) = (number, peer, isOutbound);
        (_clock, _queuedBytesMax) = (clock, queuedBytesMax);
        _activeMs = clock.NowMs;
    }

    /// <summary>Never 0, and not used twice.</summary>
    public uint Number { get; }

    public StreamPeer Peer { get; }

    public SipTransportKind Kind => Peer.Kind;

    public IpEndpoint Remote => Peer.Remote;

    /// <summary>True when we opened it.</summary>
    public bool IsOutbound { get; }

    /// <summary>True once bytes could pass.</summary>
    public bool WasOpen { get; private set; }

    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    public CloseCause Cause { get; private set; }

    /// <summary>The plain or encrypted stream; there once the connection is open.</summary>
    public Stream? Stream { get; private set; }

    public ChannelReader<StreamWrite> Writes => _writes.Reader;

    /// <summary>Monotonic time of the last byte in either direction.</summary>
    public long ActiveMs => Interlocked.Read(ref _activeMs);

    /// <summary>Since when a message is incomplete; 0 when none is.</summary>
    public long PartialSinceMs => Interlocked.Read(ref _partialSinceMs);

    /// <summary>True when it came from an address that no trunk knew; it may have proved itself since.</summary>
    public bool CameAsStranger { get; private set; }

    /// <summary>True while nobody has proved who speaks on it.</summary>
    public bool IsStranger => StrangerSinceMs != 0;

    /// <summary>Since when nobody has; 0 otherwise.</summary>
    public long StrangerSinceMs => Interlocked.Read(ref _strangerSinceMs);

    /// <summary>Since when one write has been under way; 0 when none is.</summary>
    public long WritingSinceMs => Interlocked.Read(ref _writingSinceMs);

    /// <summary>The socket is known from here on, so that closing ends whatever waits on it.</summary>
    public void Attach(Socket socket)
    {
        _socket = socket;
        if (IsClosed) socket.Dispose();
    }

    /// <summary>Bytes can pass.</summary>
    public void Open(Stream stream)
    {
        (Stream, WasOpen) = (stream, true);
        MarkActive();
    }

    public void MarkActive() => Interlocked.Exchange(ref _activeMs, _clock.NowMs);

    public void MarkPartial(bool isPartial)
    {
        if (!isPartial) Interlocked.Exchange(ref _partialSinceMs, 0);
        else if (PartialSinceMs == 0) Interlocked.Exchange(ref _partialSinceMs, Math.Max(1, _clock.NowMs));
    }

    /// <summary>Nobody has proved, or proves any more, who speaks on it; its time begins unless it runs.</summary>
    public void MarkStranger()
    {
        CameAsStranger = true;
        Interlocked.CompareExchange(ref _strangerSinceMs, Math.Max(1, _clock.NowMs), 0);
    }

    /// <summary>A registration has proved it.</summary>
    public void MarkKnown() => Interlocked.Exchange(ref _strangerSinceMs, 0);

    public void MarkWriting(bool isWriting)
    {
        Interlocked.Exchange(ref _writingSinceMs, isWriting ? Math.Max(1, _clock.NowMs) : 0);
        MarkActive();
    }

    /// <summary>Copies a message into the queue; never waits.</summary>
    public QueueResult Queue(ReadOnlySpan<byte> message, in IpEndpoint remote, int worker, bool isRetry)
    {
        if (IsClosed) return QueueResult.Closed;
        if (Interlocked.Add(ref _queuedBytes, message.Length) > _queuedBytesMax)
        {
            Interlocked.Add(ref _queuedBytes, -message.Length);
            return QueueResult.Full;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        if (_writes.Writer.TryWrite(new StreamWrite(buffer, message.Length, remote, worker, isRetry)))
            return QueueResult.Queued;
        ArrayPool<byte>.Shared.Return(buffer);
        Interlocked.Add(ref _queuedBytes, -message.Length);
        return QueueResult.Closed;
    }

    /// <summary>Gives back the room of a message that left the queue.</summary>
    public void Release(in StreamWrite write)
    {
        Interlocked.Add(ref _queuedBytes, -write.Length);
        ArrayPool<byte>.Shared.Return(write.Buffer);
    }

    /// <summary>Takes no more writes; what is queued is still written.</summary>
    public void FinishWrites() => _writes.Writer.TryComplete();

    /// <summary>Ends it now; true for the first caller, whose cause counts.</summary>
    public bool Close(CloseCause cause)
    {
        // Before it shows that it is closed: the writer gives back what is left as soon as it sees that, and nobody
        // comes for what would be queued after.
        _writes.Writer.TryComplete();
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return false;
        Cause = cause;
        _socket?.Dispose();
        return true;
    }

    /// <summary>Says that no more bytes follow; what was written still arrives.</summary>
    public void ShutDownSending()
    {
        try
        {
            _socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is over already, which is what was wanted.
        }
    }
}
