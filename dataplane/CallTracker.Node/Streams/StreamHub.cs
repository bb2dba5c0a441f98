using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using CallTracker.Calls.Access;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Streams;

/// <summary>
/// SIP over TCP and TLS for all workers: listens, connects on demand, reuses what is open, judges connections by their
/// times, and sends. Connections run on the thread pool, so that no handshake and no slow peer holds a worker up;
/// workers only queue bytes here and get whole messages through their mailboxes. Owned by the node.
/// </summary>
internal sealed class StreamHub : IDisposable
{
    private const int SweepMs = 250;
    // While nobody is connected.
    private const int EmptySweepMs = 1000;
    private const int LastReadMsMax = 1000;
    private readonly StreamParts _parts;
    private readonly StreamTls _tls;
    private readonly StreamDialer _dialer;
    private readonly ConnectMemory _failed;
    private readonly SemaphoreSlim _handshakes;
    private readonly List<StreamListener> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _sweep = Task.CompletedTask;

    public StreamHub(
        StreamSettings settings, IClock clock, Func<TrunkTable> trunks, NodeAccess access, StreamInbox inbox,
        StreamTls tls, IReadOnlyList<IPAddress> binds)
    {
        Counters = new StreamCounters();
        Table = new StreamTable(settings, clock);
        _parts = new StreamParts
        {
            Settings = settings,
            Counters = Counters,
            Table = Table,
            Inbox = inbox,
            Clock = clock,
            Trunks = trunks,
            Strangers = new StrangerGate(settings, Table, trunks, access, clock),
            Undelivered = TakeBack,
        };
        (_tls, _failed) = (tls, new ConnectMemory(clock));
        _dialer = new StreamDialer(_parts, tls, binds);
        _handshakes = new SemaphoreSlim(settings.HandshakesMax);
    }

    public StreamCounters Counters { get; }

    public StreamTable Table { get; }

    public StreamTls Tls => _tls;

    /// <summary>Listens on one more port; before <see cref="Start"/>.</summary>
    public IPEndPoint Listen(IPEndPoint endpoint, SipTransportKind kind)
    {
        var listener = new StreamListener(endpoint, kind, _parts, ServeAsync);
        _listeners.Add(listener);
        return listener.Endpoint;
    }

    public void Start()
    {
        foreach (var listener in _listeners) listener.Start();
        _sweep = Task.Run(SweepAsync);
    }

    /// <summary>
    /// Sends a message over the flow's connection, or over another to the same peer, or over a new one (RFC 3261
    /// sections 18.1.1 and 18.2.2). Never waits. False: it cannot be sent; when a connection breaks later, the worker
    /// is told.
    /// </summary>
    public bool Send(in SipFlow target, ReadOnlySpan<byte> message, int worker)
    {
        if (target.Connection != 0 && Table.TryFind(target.Connection, out var open) && open.Kind == target.Kind)
        {
            var result = open.Queue(message, target.Remote, worker, isRetry: false);
            if (result == QueueResult.Full) Counters.AddQueueFull();
            if (result != QueueResult.Closed) return result == QueueResult.Queued;
        }
        return SendAnew(target, message, worker, isRetry: false);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var listener in _listeners) listener.Dispose();
        foreach (var connection in Table.All) connection.Close(CloseCause.Shutdown);
        _sweep.Wait();
        _tls.Dispose();
        _stopping.Dispose();
    }

    // A response whose connection is gone goes to where its Via listens, a request to where it was meant to go.
    private bool SendAnew(in SipFlow target, ReadOnlySpan<byte> message, int worker, bool isRetry)
    {
        var remote = ResponseTarget.IsResponse(message)
            ? ResponseTarget.Of(message, target.Remote, target.Kind)
            : target.Remote;
        var peer = new StreamPeer(target.Kind, remote);
        if (HasFailed(peer) || remote.Port == 0 || remote.IsUnspecified) return false;
        var result = Queue(peer, message, worker, isRetry);
        // The one found was about to end.
        if (result == QueueResult.Closed) result = Queue(peer, message, worker, isRetry);
        if (result == QueueResult.Full) Counters.AddQueueFull();
        return result == QueueResult.Queued;
    }

    // A peer that had no TCP for a large message may since have become a trunk of TCP: that is tried anew.
    private bool HasFailed(in StreamPeer peer) =>
        _failed.HasFailed(peer, out var wasTrunk)
        && (wasTrunk || !_parts.Trunks().IsTrunk(peer.Remote, peer.Kind));

    private QueueResult Queue(in StreamPeer peer, ReadOnlySpan<byte> message, int worker, bool isRetry)
    {
        if (Table.FindOrAdd(peer, out var isNew) is not { } connection)
        {
            Counters.Add(RefuseCause.Limit);
            return QueueResult.Full;
        }
        var result = connection.Queue(message, peer.Remote, worker, isRetry);
        if (result == QueueResult.Closed) Table.Remove(connection);
        if (isNew) _ = Task.Run(() => ConnectAsync(connection));
        return result;
    }

    private async Task ConnectAsync(StreamConnection connection)
    {
        ConnectFailure? failure = ConnectFailure.Network;
        try
        {
            failure = await _dialer.TryOpenAsync(connection);
        }
        finally
        {
            // Whatever happened: no connection stays in the table that nobody opens any more.
            if (failure is { } cause) GiveUp(connection, cause);
        }
        if (failure is not null) return;
        _failed.Forget(connection.Peer);
        await RunAsync(connection);
    }

    private void GiveUp(StreamConnection connection, ConnectFailure cause)
    {
        Counters.Add(cause);
        var isTrunk = _parts.Trunks().IsTrunk(connection.Remote, connection.Kind);
        var forMs = isTrunk ? _parts.Settings.RetryAfterMs : _parts.Settings.RetryLargeAfterMs;
        _failed.Remember(connection.Peer, forMs, isTrunk);
        End(connection, CloseCause.ConnectFailed);
        StreamWriter.GiveBack(connection, _parts);
    }

    private async Task ServeAsync(StreamConnection connection, Socket socket)
    {
        connection.Attach(socket);
        var isOpen = false;
        try
        {
            isOpen = await TryShakeHandsAsync(connection, socket);
        }
        finally
        {
            if (!isOpen) End(connection, CloseCause.HandshakeFailed);
        }
        if (isOpen) await RunAsync(connection);
    }

    private async Task<bool> TryShakeHandsAsync(StreamConnection connection, Socket socket)
    {
        using var limit = new CancellationTokenSource(_parts.Settings.HandshakeMsMax);
        try
        {
            // A peer that was gone again before its turn came is found out here.
            StreamSockets.Prepare(socket, _parts.Settings);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (connection.Kind != SipTransportKind.Tls)
            {
                connection.Open(plain);
                return true;
            }
            await _handshakes.WaitAsync(limit.Token);
            try
            {
                connection.Open(await _tls.AcceptAsync(plain, limit.Token));
                return true;
            }
            finally
            {
                _handshakes.Release();
            }
        }
        catch (Exception e) when (
            e is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException
                or InvalidOperationException or SocketException)
        {
            return false;
        }
    }

    private async Task RunAsync(StreamConnection connection)
    {
        Counters.AddOpened(connection.Kind, connection.IsOutbound);
        var writing = StreamWriter.RunAsync(connection, _parts);
        var cause = CloseCause.Peer;
        try
        {
            cause = await new StreamReader(connection, _parts).RunAsync();
            // A last answer may still be on its way out; the peer hears it before it hears of the end.
            connection.FinishWrites();
            if (cause is CloseCause.BadFraming) await SayLastWordAsync(connection, writing);
        }
        finally
        {
            // Whatever happened: no connection stays in the table without a reader.
            End(connection, cause);
        }
        await writing;
    }

    // Closing with unread bytes resets the connection and may take the answer with it: they are read and dropped.
    private static async Task SayLastWordAsync(StreamConnection connection, Task writing)
    {
        await Task.WhenAny(writing, Task.Delay(LastReadMsMax));
        connection.ShutDownSending();
        using var limit = new CancellationTokenSource(LastReadMsMax);
        var scrap = new byte[4096];
        try
        {
            while (await connection.Stream!.ReadAsync(scrap, limit.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The end is what was waited for.
        }
    }

    private void End(StreamConnection connection, CloseCause cause)
    {
        connection.Close(cause);
        Counters.Add(connection.Cause);
        Table.Remove(connection);
    }

    // A connection that was open may only have been closed for idleness: one new attempt, then the worker is told.
    private void TakeBack(StreamConnection connection, StreamWrite write)
    {
        Table.Remove(connection);
        if (write.Worker < 0) return;
        var target = new SipFlow(connection.Kind, 0, 0, write.Remote);
        var mayRetry = connection.WasOpen && !write.IsRetry && !_stopping.IsCancellationRequested;
        if (mayRetry && SendAnew(target, write.Bytes, write.Worker, isRetry: true)) return;
        Counters.AddUndelivered();
        _parts.Inbox.TryReportFailure(write.Worker, write.Bytes);
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(SweepMs));
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                var isEmpty = true;
                foreach (var connection in Table.All)
                {
                    Judge(connection, _parts.Clock.NowMs);
                    isEmpty = false;
                }
                SetPeriod(timer, isEmpty ? EmptySweepMs : SweepMs);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    // Setting it starts the period anew, so only when it is another.
    private static void SetPeriod(PeriodicTimer timer, int periodMs)
    {
        var period = TimeSpan.FromMilliseconds(periodMs);
        if (timer.Period != period) timer.Period = period;
    }

    // Closing wakes the reader, which sees to the rest.
    private void Judge(StreamConnection connection, long nowMs)
    {
        if (_parts.Strangers.IsOver(connection, nowMs)) connection.Close(CloseCause.Unauthenticated);
        if (!connection.WasOpen) return;
        var settings = _parts.Settings;
        if (IsOver(connection.PartialSinceMs, settings.PartialMsMax, nowMs))
            connection.Close(CloseCause.PartialMessage);
        else if (IsOver(connection.WritingSinceMs, settings.WriteMsMax, nowMs))
            connection.Close(CloseCause.WriteStalled);
        else if (nowMs - connection.ActiveMs > settings.IdleMs)
            connection.Close(CloseCause.Idle);
    }

    private static bool IsOver(long sinceMs, int limitMs, long nowMs) => sinceMs != 0 && nowMs - sinceMs > limitMs;
}
