using CallTracker.Backends.Journal;
using CallTracker.Backends.Redis;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// Takes ended calls out of all journals, numbers them, fixes them as a batch on disk, inserts the batch and moves the
/// checkpoint: each step can be the last one of the process, and every call is in ClickHouse once. One loop, one
/// batch at a time; the node starts it and stops it after the workers.
/// </summary>
public sealed class CallRecordShipper : IAsyncDisposable
{
    private readonly JournalSet _journals;
    private readonly ShipperOptions _options;
    private readonly CallRecordStore _store;
    private readonly BatchSender _sender;
    private readonly SequenceNumbers _numbers;
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _finish = new();
    private readonly BatchBuilder _builder;
    private readonly List<JournalReader> _readers = [];
    private long _batchId;
    private Batch? _pending;
    private bool _hasFailed;
    private bool _isWritten;
    private bool _isFromEarlierRun;
    private Task _loop = Task.CompletedTask;

    public CallRecordShipper(
        JournalSet journals, ClickHouseClient client, RedisConnection redis, ShipperOptions? options = null)
    {
        _journals = journals;
        _options = options ?? new ShipperOptions();
        _store = new CallRecordStore(client);
        _sender = new BatchSender(_store, _options, Counters, journals.Clock, journals.Log);
        var directory = journals.Options.Directory;
        var checkpoint = ShippingCheckpoint.Read(directory, journals.Log);
        _pending = ReadPending(checkpoint);
        _batchId = Math.Max(checkpoint.BatchId, _pending?.Header.BatchId ?? 0);
        var known = _pending?.Header.Sequences ?? checkpoint.Sequences;
        _numbers = new SequenceNumbers(redis, _store, known, _options, journals.Clock, journals.Log);
        var start = _pending is null ? checkpoint : ToCheckpoint(_pending.Header);
        foreach (var journal in journals.Journals)
            _readers.Add(new JournalReader(journal, start.PositionOf(journal.Worker), journals.Run, journals.Counters));
        _builder = new BatchBuilder(journals.Options.NodeId, _readers, _options.BatchRowsMax);
    }

    internal ShippingCounters Counters { get; } = new();

    /// <summary>True while seq_num is counted without Redis.</summary>
    public bool IsNumberingOffline => _numbers.IsOffline;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>
    /// Ships what the journals hold and ends, at the latest after <paramref name="drainMsMax"/>; the rest stays in the
    /// journals for the next start.
    /// </summary>
    public async Task StopAsync(int drainMsMax)
    {
        await _finish.CancelAsync();
        _abort.CancelAfter(drainMsMax);
        await _loop;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _finish.CancelAsync();
        await _abort.CancelAsync();
        await _loop;
        _finish.Dispose();
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_abort.IsCancellationRequested)
        {
            try
            {
                // Read before the turn: what was journalled before the stop is then surely collected.
                var isLast = _finish.IsCancellationRequested;
                var hasShipped = await TurnAsync(_abort.Token);
                _hasFailed = false;
                if (isLast && !hasShipped) return;
            }
            catch (OperationCanceledException) when (_abort.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The loop must outlive a full disk and a ClickHouse that is away; what was taken stays in the builder.
                if (!_hasFailed) _journals.Log.Report(BackendEvent.ShipperFailed, e.Message);
                _hasFailed = true;
                Counters.CountRetry();
                await PauseAsync(_options.RetryMsMin * 2);
            }
        }
    }

    // One batch from end to end; false when there was nothing to ship.
    private async Task<bool> TurnAsync(CancellationToken ct)
    {
        if (_pending is null)
        {
            await CollectAsync(ct);
            if (_builder.Count == 0) return false;
            // :: Step 12
            _pending = Fix(await _numbers.TakeAsync(_builder.Counts(), ct));
        }
        await SendPendingAsync(ct);
        return true;
    }

    private async Task CollectAsync(CancellationToken ct)
    {
        var flushAtMs = long.MaxValue;
        while (true)
        {
            _builder.Collect();
            Counters.OldestEndMs = _builder.OldestEndMs;
            var isDraining = _finish.IsCancellationRequested;
            if (_builder.Count == 0) ReleaseRead();
            if (_builder.IsFull || isDraining || _journals.Clock.NowMs >= flushAtMs) return;
            if (_builder.Count > 0 && flushAtMs == long.MaxValue) flushAtMs = _journals.Clock.NowMs + _options.FlushMs;
            if (_builder.Count == 0) await _numbers.SettleAsync(ct);
            await PauseAsync(_options.PollMs);
        }
    }

    // With nothing taken, everything read is done with: starts and answers need no shipping.
    private void ReleaseRead()
    {
        foreach (var reader in _readers) reader.Journal.Shipped = reader.Position;
    }

    private Batch Fix(Dictionary<string, ulong> first)
    {
        // After a power cut the journal must not know less than the batch: a call would then be closed a second time.
        foreach (var journal in _journals.Journals) journal.Sync();
        return _builder.Fix(++_batchId, first, _numbers.Known);
    }

    private async Task SendPendingAsync(CancellationToken ct)
    {
        var batch = _pending!;
        var directory = _journals.Options.Directory;
        if (!_isWritten) _journals.Ballast.Spend(() => batch.Write(directory));
        _isWritten = true;
        await _sender.SendAsync(batch, batch.Header.MayBePresent || _isFromEarlierRun, ct);
        var checkpoint = ToCheckpoint(batch.Header);
        _journals.Ballast.Spend(() => checkpoint.Write(directory));
        Batch.Delete(directory);
        _journals.Ballast.TryTake();
        foreach (var journal in _journals.Journals) journal.Shipped = checkpoint.PositionOf(journal.Worker);
        Counters.CountBatch(batch.Header.TrnIds.Count);
        Counters.OldestEndMs = 0;
        (_pending, _isWritten, _isFromEarlierRun) = (null, false, false);
    }

    private Batch? ReadPending(ShippingCheckpoint checkpoint)
    {
        var directory = _journals.Options.Directory;
        var pending = Batch.Read(directory, _journals.Log);
        if (pending is null) return null;
        if (pending.Header.BatchId > checkpoint.BatchId)
        {
            (_isWritten, _isFromEarlierRun) = (true, true);
            Counters.OldestEndMs = pending.Header.DinMsMin;
            return pending;
        }
        Batch.Delete(directory);
        return null;
    }

    private static ShippingCheckpoint ToCheckpoint(BatchHeader header) => new()
    {
        BatchId = header.BatchId,
        Positions = header.Positions,
        Sequences = header.Sequences,
    };

    // Ends early when the shipper is told to finish.
    private async Task PauseAsync(int pauseMs)
    {
        try
        {
            await Task.Delay(pauseMs, _finish.IsCancellationRequested ? _abort.Token : _finish.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at both tokens itself.
        }
    }
}
