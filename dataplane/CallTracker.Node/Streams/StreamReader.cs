using System.Buffers;
using System.Security.Authentication;
using CallTracker.Core.Time;
using CallTracker.Sip.Framing;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>
/// Reads one connection: cuts its bytes into messages, hands them to the workers in their order, answers keep-alives,
/// and says why the connection must end. One task; its buffer is lent while the connection lives.
/// </summary>
internal sealed class StreamReader(StreamConnection connection, StreamParts parts)
{
    private const int BufferBytesFirst = 4096;
    private const int BufferBytesMax = SipMessage.LengthMax + 1;
    private const int WaitMs = 2;
    private readonly StreamFramer _framer = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytesFirst);
    private int _start;
    private int _end;
    private int _strangerBytes;
    private ReceivedAt _at;

    /// <summary>Reads until the connection ends, and tells why.</summary>
    public async Task<CloseCause> RunAsync()
    {
        try
        {
            while (true)
            {
                MakeRoom();
                var count = await connection.Stream!.ReadAsync(_buffer.AsMemory(_end));
                if (count == 0) return CloseCause.Peer;
                _end += count;
                _at = new ReceivedAt(parts.Clock.NowMs, parts.Clock.UnixMs);
                connection.MarkActive();
                if (IsTalkative(count)) return CloseCause.Unauthenticated;
                if (await TakeFramesAsync() is { } cause) return cause;
            }
        }
        catch (Exception e) when (
            e is IOException or ObjectDisposedException or OperationCanceledException or AuthenticationException
                or InvalidOperationException)
        {
            return CloseCause.Peer;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private async ValueTask<CloseCause?> TakeFramesAsync()
    {
        while (true)
        {
            var frame = _framer.TryTake(_buffer.AsSpan(_start, _end - _start), out var length);
            connection.MarkPartial(_framer.IsInsideMessage);
            if (frame == StreamFrame.Partial) return null;
            if (frame.IsLost()) return Refuse(frame, length);
            if (frame == StreamFrame.Ping) Answer();
            if (frame == StreamFrame.Message && !await DeliverAsync(length))
                return CauseOfRefusal();
            _start += length;
        }
    }

    // No room at the workers: this connection waits, its peer with it, and nothing is lost.
    private async ValueTask<bool> DeliverAsync(int length)
    {
        // A trunk may have been taken away since the connection was accepted; a phone must register first.
        if (!connection.IsOutbound && !parts.Strangers.Admits(connection, _buffer.AsSpan(_start, length))) return false;
        parts.Counters.AddReceived();
        while (!parts.Inbox.TryDeliver(connection, _buffer.AsSpan(_start, length), _at))
        {
            if (connection.IsClosed) return false;
            parts.Counters.AddWait();
            await Task.Delay(WaitMs);
        }
        return true;
    }

    private CloseCause CauseOfRefusal() => connection.IsClosed ? connection.Cause
        : connection.CameAsStranger ? CloseCause.Unauthenticated : CloseCause.UnknownSource;

    private bool IsTalkative(int count)
    {
        _strangerBytes = connection.IsStranger ? _strangerBytes + count : 0;
        return _strangerBytes > parts.Settings.StrangerBytesMax;
    }

    private void Answer()
    {
        parts.Counters.AddPing();
        connection.Queue(KeepAlive.Pong, connection.Remote, worker: -1, isRetry: true);
    }

    // RFC 3261 section 18.3: a request on a stream without a usable length gets a 400, and the connection is closed.
    private CloseCause Refuse(StreamFrame frame, int length)
    {
        var code = frame == StreamFrame.MessageTooLong ? 513 : 400;
        if (length > 0) StreamRefusal.Queue(connection, _buffer, _start, length, code);
        return frame == StreamFrame.Garbage ? CloseCause.Garbage : CloseCause.BadFraming;
    }

    // What is left moves to the front; a message that fills the buffer gets a larger one, up to the longest allowed.
    private void MakeRoom()
    {
        var left = _end - _start;
        if (left == 0 && _buffer.Length > BufferBytesFirst * 2) Exchange(BufferBytesFirst);
        if (_start > 0) _buffer.AsSpan(_start, left).CopyTo(_buffer);
        (_start, _end) = (0, left);
        if (_end == _buffer.Length) Exchange(Math.Min(BufferBytesMax, _buffer.Length * 4));
    }

    private void Exchange(int bytes)
    {
        var next = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(_start, _end - _start).CopyTo(next);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _end, _start) = (next, _end - _start, 0);
    }
}
