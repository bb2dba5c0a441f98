using System.Diagnostics.Metrics;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Hosting;

namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>
/// Reads the ledger once for all open streams and hands the events out. Idle, without a query, while nobody listens.
/// One per process; its loop is the only writer to the subscriptions.
/// </summary>
internal sealed class CallHub : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly CallFeed _feed;
    private readonly LedgerSignal _signal;
    private readonly SchemaState _schema;
    private readonly ILogger<CallHub> _log;
    private readonly int _streamsMax;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private readonly List<CallSubscription> _subscriptions = [];
    private readonly Meter _meter = new("CallTracker.ControlPlane.Streams");
    private ulong _position;

    public CallHub(
        CallFeed feed, LedgerSignal signal, SchemaState schema, ControlPlaneOptions options, ILogger<CallHub> log)
    {
        (_feed, _signal, _schema, _log) = (feed, signal, schema, log);
        _streamsMax = options.StreamsMax;
        _meter.CreateObservableGauge("calltracker_call_streams", () => Count, "{stream}",
            "Open streams of the call log.");
    }

    public int Count
    {
        get
        {
            lock (_gate) return _subscriptions.Count;
        }
    }

    /// <summary>Opens a subscription; null when all streams are taken.</summary>
    public async Task<CallSubscription?> SubscribeAsync(string operatorId, string? clientId, CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            var end = await _feed.LastPositionAsync(ct);
            lock (_gate)
            {
                if (_subscriptions.Count >= _streamsMax) return null;
                if (_subscriptions.Count == 0) _position = end;
                var subscription = new CallSubscription(operatorId, clientId, _position, end, Remove);
                _subscriptions.Add(subscription);
                if (_wanted.CurrentCount == 0) _wanted.Release();
                return subscription;
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        _starting.Dispose();
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _schema.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken);
            while (Count > 0 && !stoppingToken.IsCancellationRequested) await StepAsync(stoppingToken);
        }
    }

    private async Task StepAsync(CancellationToken ct)
    {
        try
        {
            ulong position;
            lock (_gate) position = _position;
            var page = await _feed.ReadAsync(position, to: null, operatorId: null, clientId: null, ct);
            Publish(page, position);
            if (page.IsLast) await _signal.WaitAsync(Poll, ct);
        }
        catch (ClickHouseException e)
        {
            _log.StreamWaits(e.Message);
            await Task.Delay(Poll, ct);
        }
    }

    private void Publish(FeedPage page, ulong readFrom)
    {
        lock (_gate)
        {
            // All listeners left and new ones began at a later place while the page was read: it is old news.
            if (_position != readFrom) return;
            _position = page.Position;
            foreach (var item in page.Events) _subscriptions.RemoveAll(s => !s.Offer(item));
        }
    }

    private void Remove(CallSubscription subscription)
    {
        subscription.Close();
        lock (_gate) _subscriptions.Remove(subscription);
    }
}
