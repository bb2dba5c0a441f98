using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Node.Streams;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Node.Tests.Streams;

/// <summary>The queue of a connection, while it ends.</summary>
public sealed class StreamConnectionTests
{
    private const int Rounds = 10_000;
    private const int PatienceMs = 60_000;
    private static readonly StreamPeer s_peer = new(SipTransportKind.Tcp, IpEndpoint.FromIpv4(0x7f00_0001, 5060));
    private readonly SystemClock _clock = new();
    private volatile StreamConnection? _present;

    [Fact]
    public void Close_WhileAWorkerQueues_LeavesNoMessageBehindTheWriter()
    {
        var queued = 0L;
        using var end = new CancellationTokenSource(PatienceMs);
        var worker = new Thread(() => queued = QueueAll(end.Token));
        var closer = new Thread(() => CloseAll(end.Token));
        worker.Start();
        closer.Start();
        var (taken, left) = (0L, 0L);
        var all = new List<StreamConnection>(Rounds);
        for (var i = 0; i < Rounds && !end.IsCancellationRequested; i++)
        {
            var connection = new StreamConnection(1, s_peer, isOutbound: true, _clock, queuedBytesMax: 1 << 20);
            _present = connection;
            taken += TakeUntilClosed(connection);
            all.Add(connection);
        }
        _present = null;
        end.Cancel();
        worker.Join();
        closer.Join();
        // With its end marked before its queue was closed, some messages in ten thousand ends came to nobody.
        foreach (var connection in all) left += Take(connection);
        left.ShouldBe(0);
        taken.ShouldBe(queued);
        all.Count.ShouldBe(Rounds);
    }

    // As the writer does.
    private static long TakeUntilClosed(StreamConnection connection)
    {
        var taken = 0L;
        while (!connection.IsClosed) taken += Take(connection);
        return taken + Take(connection);
    }

    private static long Take(StreamConnection connection)
    {
        var taken = 0L;
        while (connection.Writes.TryRead(out var write))
        {
            connection.Release(write);
            taken++;
        }
        return taken;
    }

    private long QueueAll(CancellationToken end)
    {
        var queued = 0L;
        while (!end.IsCancellationRequested)
        {
            if (_present?.Queue("x"u8, s_peer.Remote, 0, isRetry: false) == QueueResult.Queued) queued++;
        }
        return queued;
    }

    private void CloseAll(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            // A while for messages to come.
            Thread.SpinWait(50);
            _present?.Close(CloseCause.Peer);
        }
    }
}
