using CallTracker.Backends.Journal;
using CallTracker.Backends.Redis;
using CallTracker.Contracts.ClickHouse;

namespace CallTracker.Backends.Shipping;

/// <summary>
/// Takes ended calls out of all journals, numbers them, fixes them as a batch on disk and inserts the batch: each step
/// can be the last one of the process, and every call is in ClickHouse once. The next batch takes the place of one that
/// is in; a checkpoint does when there is a rest, and now and then. One loop, one batch at a time, waits for the
/// journals' bell; the node starts it and stops it after the workers.
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
    private readonly BatchFile _file;
    private readonly List<JournalReader> _readers = [];
    private long _batchId;
    private Batch? _pending;
    private bool _hasFailed;
    private bool _isWritten;
    private bool _isFromEarlierRun;
    // More may lie in the journals than the last batch took; so it is at the start.
    private bool _isBehind = true;
    // The newest batch that is in ClickHouse and not in the checkpoint.
    private BatchHeader? _unsettled;
    private long _checkpointAtMs;
    private Task _loop = Task.CompletedTask;

    public CallRecordShipper(
        JournalSet journals, ClickHouseClient client, RedisConnection redis, ShipperOptions? options = null)
    {
        _journals = journals;
        _options = options ?? new ShipperOptions();
        _store = new CallRecordStore(client);
        _sender = new BatchSender(_store, _options, Counters, journals.Clock, journals.Log);
        _file = new BatchFile(journals.Options.Directory);
        var checkpoint = ShippingCheckpoint.Read(journals.Options.Directory, journals.Log);
        _pending = ReadPending(checkpoint);
        _batchId = Math.Max(checkpoint.BatchId, _pending?.Header.BatchId ?? 0);
        var known = _pending?.Header.Sequences ?? checkpoint.Sequences;
        _numbers = new SequenceNumbers(redis, _store, known, _options, journals.Clock, journals.Log);
        var start = _pending is null ? checkpoint : ToCheckpoint(_pending.Header);
        foreach (var journal in journals.Journals)
            _readers.Add(new JournalReader(journal, start.PositionOf(journal.Worker), journals.Run, journals.Counters));
        _builder = new BatchBuilder(journals.Options.NodeId, _readers, _options.BatchRowsMax);
        journals.Bell.FlushMs = _options.FlushMs;
        _checkpointAtMs = journals.Clock.NowMs + _options.CheckpointMs;
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
        _file.Dispose();
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
                if (!isLast || hasShipped) continue;
                Settle();
                return;
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

    // Returns with a batch's worth of calls, or with none when the shipper is to finish.
    private async Task CollectAsync(CancellationToken ct)
    {
        while (true)
        {
            var hasRung = _builder.Count > 0 || _isBehind || await AwaitBellAsync();
            var isDraining = _finish.IsCancellationRequested;
            if (isDraining) SyncJournals();
            _builder.Collect();
            _isBehind = _builder.IsFull;
            Counters.OldestEndMs = _builder.OldestEndMs;
            if (_builder.Count == 0) ReleaseRead();
            if (_builder.Count > 0 || isDraining) return;
            await _numbers.SettleAsync(ct);
            if (!hasRung) Settle();
        }
    }

    // What was written last must be on the disk before it may be read.
    private void SyncJournals()
    {
        foreach (var journal in _journals.Journals) journal.Sync();
    }

    // With nothing taken, everything read is done with: starts and answers need no shipping.
    private void ReleaseRead()
    {
        foreach (var reader in _readers) reader.Journal.Shipped = reader.Position;
    }

    private Batch Fix(Dictionary<string, ulong> first) => _builder.Fix(++_batchId, first, _numbers.Known);

    private async Task SendPendingAsync(CancellationToken ct)
    {
        var batch = _pending!;
        if (!_isWritten) _journals.Ballast.Spend(() => _file.Write(batch));
        _isWritten = true;
        await _sender.SendAsync(batch, batch.Header.MayBePresent || _isFromEarlierRun, ct);
        var position = ToCheckpoint(batch.Header);
        foreach (var journal in _journals.Journals) journal.Shipped = position.PositionOf(journal.Worker);
        Counters.CountBatch(batch.Header.TrnIds.Count);
        Counters.OldestEndMs = 0;
        (_pending, _isWritten, _isFromEarlierRun, _unsettled) = (null, false, false, batch.Header);
        if (_journals.Clock.NowMs >= _checkpointAtMs) WriteCheckpoint(batch.Header);
    }

    // The checkpoint says what the batch's file says, and the file goes.
    private void Settle()
    {
        if (_unsettled is null) return;
        WriteCheckpoint(_unsettled);
        _file.Delete();
        _unsettled = null;
    }

    private void WriteCheckpoint(BatchHeader done)
    {
        _journals.Ballast.Spend(() => ToCheckpoint(done).Write(_journals.Options.Directory));
        _checkpointAtMs = _journals.Clock.NowMs + _options.CheckpointMs;
        _journals.Ballast.TryTake();
        Counters.CountCheckpoint();
    }

    private Batch? ReadPending(ShippingCheckpoint checkpoint)
    {
        var pending = _file.Read(_journals.Log);
        if (pending is null) return null;
        if (pending.Header.BatchId > checkpoint.BatchId)
        {
            (_isWritten, _isFromEarlierRun) = (true, true);
            Counters.OldestEndMs = pending.Header.DinMsMin;
            return pending;
        }
        _file.Delete();
        return null;
    }

    private static ShippingCheckpoint ToCheckpoint(BatchHeader header) => new()
    {
        BatchId = header.BatchId,
        Positions = header.Positions,
        Sequences = header.Sequences,
    };

    // False when it did not ring for a while, and when the shipper is told to finish.
    private async Task<bool> AwaitBellAsync()
    {
        try
        {
            return await _journals.Bell.WaitAsync(_options.RestMs, _finish.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

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
