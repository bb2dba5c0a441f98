using CallTracker.Core.Memory;
using CallTracker.Core.Time;
using CallTracker.Node.Workers;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>
/// The way of messages from connections to the workers that own their calls: pooled buffers through the mailboxes.
/// Full means that the reader of the connection waits, and with it the peer. Any thread.
/// </summary>
/// <param name="mailboxes">Of all workers, by number.</param>
/// <param name="spread">Who takes new calls.</param>
internal sealed class StreamInbox(Mailbox[] mailboxes, CallSpread spread)
{
    // What all connections together may have on its way to the workers.
    private const int BufferCount = 256;
    private const int BufferBytes = 65_536;
    [ThreadStatic]
    private static SipMessage? t_view;
    private readonly DatagramPool _pool = new(BufferCount, BufferBytes);
    private readonly Lock _lock = new();

    /// <summary>Hands a whole message to the worker that owns its call; false when there is no room now.</summary>
    public bool TryDeliver(StreamConnection from, ReadOnlySpan<byte> message, in ReceivedAt at)
    {
        if (TryRent(message) is not { } datagram) return false;
        (datagram.Source, datagram.At) = (from.Remote, at);
        (datagram.Transport, datagram.Connection) = ((byte)from.Kind, from.Number);
        var view = t_view ??= new SipMessage();
        // What the parser refuses is answered by whichever worker; one worker per connection keeps it simple.
        var isReadable = view.Parse(datagram.Buffer, datagram.Offset, datagram.Length) == SipParseResult.Ok;
        var owner = isReadable
            ? MessageOwner.Find(view, spread)
            : new CallOwner((int)(from.Number % (uint)mailboxes.Length));
        if (mailboxes[owner.First].TryPost(WorkerMessage.Of(datagram, owner))) return true;
        _pool.ReturnFromOtherThread(datagram);
        return false;
    }

    /// <summary>Tells a worker that a message of its could not be delivered; false when there is no room.</summary>
    public bool TryReportFailure(int worker, ReadOnlySpan<byte> message)
    {
        if (TryRent(message) is not { } datagram) return false;
        if (mailboxes[worker].TryPost(new WorkerMessage(WorkerMessageKind.SendFailed, datagram))) return true;
        _pool.ReturnFromOtherThread(datagram);
        return false;
    }

    private Datagram? TryRent(ReadOnlySpan<byte> message)
    {
        if (message.Length > BufferBytes) return null;
        Datagram? datagram;
        lock (_lock) datagram = _pool.TryRent();
        if (datagram is null) return null;
        message.CopyTo(datagram.Buffer.AsSpan(datagram.Offset));
        datagram.Length = message.Length;
        return datagram;
    }
}
