using System.Threading.Channels;
using CallTracker.Core.Net;

namespace CallTracker.Node.Workers;

/// <summary>
/// The bounded way into a worker from other threads. Full means: a datagram is dropped and counted (its sender repeats
/// it), a route answer or an order is retried by its sender. Any thread writes, the worker reads.
/// </summary>
internal sealed class Mailbox : IDisposable
{
    /// <summary>Items that may wait.</summary>
    public const int Capacity = 8192;
    private readonly Channel<WorkerMessage> _channel = Channel.CreateBounded<WorkerMessage>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly EventFd _wakeUp = new();
    private long _refused;

    /// <summary>Readable in epoll when something waits.</summary>
    public int Descriptor => _wakeUp.Descriptor;

    /// <summary>Items refused because it was full.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Puts an item in and wakes the worker; false when full.</summary>
    public bool TryPost(in WorkerMessage message)
    {
        if (!TryPostQuietly(message)) return false;
        _wakeUp.Signal();
        return true;
    }

    /// <summary>Puts an item in; the caller signals once for a whole batch.</summary>
    public bool TryPostQuietly(in WorkerMessage message)
    {
        if (_channel.Writer.TryWrite(message)) return true;
        Interlocked.Increment(ref _refused);
        return false;
    }

    public void Signal() => _wakeUp.Signal();

    /// <summary>Takes the wake-up back; before reading, so that none is lost.</summary>
    public void ClearSignal() => _wakeUp.Clear();

    public bool TryRead(out WorkerMessage message) => _channel.Reader.TryRead(out message);

    public void Dispose() => _wakeUp.Dispose();
}
