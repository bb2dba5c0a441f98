using System.Globalization;
using System.Threading.Channels;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.Backends.Tracing;

/// <summary>
/// Brings batches of traced messages into ClickHouse, one after another. While ClickHouse is away batches wait, up to a
/// number of bytes; newer ones are then dropped and counted: a trace is no record. One task sends, the collector adds.
/// </summary>
internal sealed class TraceShipper(
    ClickHouseClient client, TraceSettings settings, TraceCounters counters, IBackendLog log) : IAsyncDisposable
{
    private readonly Channel<TraceBatch> _queue = Channel.CreateUnbounded<TraceBatch>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _abort = new();
    private readonly string _run = Guid.NewGuid().ToString("N");
    private long _queuedBytes;
    private long _batchNumber;
    private bool _isTold;
    private Task _loop = Task.CompletedTask;

    /// <summary>Bytes that wait.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Takes a batch, or drops and counts it when too much waits.</summary>
    public void Add(TraceBatch batch)
    {
        if (QueuedBytes + batch.Rows.Length > settings.QueueBytesMax || !_queue.Writer.TryWrite(batch))
        {
            counters.CountLost(batch.Count);
            return;
        }
        Interlocked.Add(ref _queuedBytes, batch.Rows.Length);
    }

    /// <summary>Sends what waits and ends, at the latest after <paramref name="msMax"/>.</summary>
    public async Task StopAsync(int msMax)
    {
        _queue.Writer.TryComplete();
        _abort.CancelAfter(msMax);
        await _loop;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(0);
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        TraceBatch? present = null;
        try
        {
            await foreach (var batch in _queue.Reader.ReadAllAsync(_abort.Token))
            {
                present = batch;
                await SendAsync(batch, _abort.Token);
                Interlocked.Add(ref _queuedBytes, -batch.Rows.Length);
                present = null;
            }
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            counters.CountLost(present?.Count ?? 0);
            while (_queue.Reader.TryRead(out var left)) counters.CountLost(left.Count);
        }
    }

    private async Task SendAsync(TraceBatch batch, CancellationToken ct)
    {
        // The token makes a repeated insert harmless whose answer was lost.
        var token = _run + "-" + (++_batchNumber).ToString(CultureInfo.InvariantCulture);
        while (true)
        {
            try
            {
                await client.InsertAsync(
                    SipMessageTable.Name, SipMessageTable.ColumnList, "RowBinary", batch.Rows, token, ct);
                counters.CountShipped(batch.Count);
                _isTold = false;
                return;
            }
            catch (ClickHouseException e)
            {
                if (!_isTold) log.Report(BackendEvent.TraceFailed, e.Message);
                _isTold = true;
                if (!e.IsTransient && !IsSchemaOnItsWay(e.Code))
                {
                    counters.CountLost(batch.Count);
                    return;
                }
            }
            await Task.Delay(settings.RetryMs, ct);
        }
    }

    // UNKNOWN_TABLE and UNKNOWN_DATABASE: both planes apply the schema after their start.
    private static bool IsSchemaOnItsWay(int code) => code is 60 or 81;
}
