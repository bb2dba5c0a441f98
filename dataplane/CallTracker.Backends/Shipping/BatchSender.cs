using CallTracker.Contracts.ClickHouse;
using CallTracker.Core.Time;

namespace CallTracker.Backends.Shipping;

/// <summary>Brings one fixed batch into ClickHouse, however long it takes. Owned by the shipper.</summary>
internal sealed class BatchSender
{
    private readonly CallRecordStore _store;
    private readonly ShipperOptions _options;
    private readonly ShippingCounters _counters;
    private readonly IClock _clock;
    private readonly IBackendLog _log;

    public BatchSender(
        CallRecordStore store, ShipperOptions options, ShippingCounters counters, IClock clock, IBackendLog log)
    {
        _store = store;
        _options = options;
        _counters = counters;
        _clock = clock;
        _log = log;
    }

    /// <summary>Returns when every row is in the table once; tries for ever unless it is cancelled.</summary>
    public async Task SendAsync(Batch batch, bool mayBePresent, CancellationToken ct)
    {
        var trustedUntilMs = _clock.NowMs + (_options.TokenTrustSec * 1000L);
        var retryMs = _options.RetryMsMin;
        var hasFailed = false;
        while (true)
        {
            try
            {
                await TryAsync(batch, mayBePresent || (hasFailed && _clock.NowMs >= trustedUntilMs), ct);
                if (hasFailed)
                    _log.Report(BackendEvent.InsertResumed, $"Batch {batch.Header.BatchId} is in ClickHouse.");
                return;
            }
            catch (ClickHouseException e)
            {
                Report(batch, e, isFirst: !hasFailed);
                hasFailed = true;
                await Task.Delay(e.IsTransient ? retryMs : _options.RefusedRetryMs, ct);
                retryMs = Math.Min(retryMs * 2, _options.RetryMsMax);
            }
        }
    }

    private async Task TryAsync(Batch batch, bool mayBePresent, CancellationToken ct)
    {
        var rows = batch.Body;
        if (mayBePresent)
        {
            var present = await _store.FindPresentAsync(batch.Header, ct);
            _counters.CountPresent(present.Count);
            rows = batch.Without(present);
        }
        // The same token again: a first try that is still on its way counts as this one.
        if (rows.Length > 0) await _store.InsertAsync(batch.Header, rows, ct);
    }

    private void Report(Batch batch, ClickHouseException e, bool isFirst)
    {
        _counters.CountRetry();
        var detail = $"Batch {batch.Header.BatchId}, code {e.Code}: {e.Message}";
        if (!e.IsTransient)
        {
            _counters.CountRefusal();
            _log.Report(BackendEvent.InsertRefused, detail);
        }
        else if (isFirst)
        {
            _log.Report(BackendEvent.InsertFailed, detail);
        }
    }
}
