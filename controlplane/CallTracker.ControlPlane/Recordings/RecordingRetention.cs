using System.Diagnostics.Metrics;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Hosting;

namespace CallTracker.ControlPlane.Recordings;

/// <summary>
/// Deletes the recordings whose days are over, now and then. Several control planes may do it at a time: what one has
/// deleted is deleted. One task.
/// </summary>
internal sealed class RecordingRetention : BackgroundService
{
    /// <summary>Recordings looked up at a time.</summary>
    public const int PageMax = 500;
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(10);
    private readonly RecordingStore _store;
    private readonly SchemaState _schema;
    private readonly ILogger<RecordingRetention> _log;
    private readonly Meter _meter = new("CallTracker.ControlPlane.Recordings");
    private readonly Counter<long> _expired;

    /// <param name="store">Where recordings are.</param>
    /// <param name="schema">Nothing is looked up before it is there.</param>
    /// <param name="log">Told of what was deleted, and of what could not be.</param>
    public RecordingRetention(RecordingStore store, SchemaState schema, ILogger<RecordingRetention> log)
    {
        (_store, _schema, _log) = (store, schema, log);
        _expired = _meter.CreateCounter<long>("calltracker_recordings_expired", "{recording}",
            "Recordings deleted because their days were over.");
    }

    /// <summary>Deletes what is due; how many.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var count = 0;
        while (true)
        {
            var page = await _store.FindExpiredAsync(PageMax, ct);
            var deleted = 0;
            foreach (var row in page)
            {
                var call = new RecordedCallRow(row.ClientId, row.DinMs, "");
                if (await _store.TryDeleteAsync(row.OperatorId, row.TrnId, call, ct)) deleted++;
            }
            count += deleted;
            _expired.Add(deleted);
            // What cannot be deleted now is looked at again later.
            if (page.Count < PageMax || deleted == 0) break;
        }
        if (count > 0) _log.RecordingsExpired(count);
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _schema.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (e is ClickHouseException or IOException or UnauthorizedAccessException)
            {
                _log.RetentionWaits(e.Message);
            }
            await Task.Delay(s_pause, stoppingToken);
        }
    }
}
