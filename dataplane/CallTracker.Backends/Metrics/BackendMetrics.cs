using System.Diagnostics.Metrics;
using CallTracker.Backends.Journal;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Routes;
using CallTracker.Backends.Shipping;

namespace CallTracker.Backends.Metrics;

/// <summary>
/// The backends' instruments on the meter "CallTracker.Backends": all observed, so that counting costs nothing here.
/// Made once by the node; read by whatever collects.
/// </summary>
public sealed class BackendMetrics : IDisposable
{
    public const string MeterName = "CallTracker.Backends";
    private readonly Meter _meter = new(MeterName);

    public BackendMetrics(JournalSet journals, CallRecordShipper shipper, RouteFeed routes, RedisConnection redis)
    {
        AddJournal(journals);
        AddShipping(journals, shipper.Counters, () => shipper.IsNumberingOffline);
        AddRoutes(routes, redis);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void AddJournal(JournalSet journals)
    {
        var counters = journals.Counters;
        Gauge("calltracker_journal_backlog_bytes", journals.BacklogBytes, "Journal bytes written and not yet shipped.");
        Gauge("calltracker_journal_segments", () => journals.SegmentCount, "Segment files, also those held ready.");
        Gauge("calltracker_journal_open_calls", () => journals.OpenCallCount, "Calls begun and not ended.");
        Gauge("calltracker_journal_writable", () => journals.AreAllWritable ? 1 : 0, "1 while calls can be taken.");
        Gauge("calltracker_journal_sync_seconds", () => journals.Keeper.SyncUs / 1e6, "Length of the last sync.");
        Counter("calltracker_journal_entries_total", () => counters.Entries, "Entries written.");
        Counter("calltracker_journal_lost_total", () => counters.Lost, "Entries that nothing could take; must be 0.");
        Counter("calltracker_journal_corrupt_total", () => counters.Corrupt, "Segments with a bad entry.");
        Counter("calltracker_journal_recovered_total", () => counters.Recovered, "Calls closed for a node that died.");
        Counter("calltracker_journal_prepare_failures_total", () => counters.PrepareFailures, "Segments not made.");
        Counter("calltracker_journal_sync_failures_total", () => counters.SyncFailures, "Syncs that the disk refused.");
    }

    private void AddShipping(JournalSet journals, ShippingCounters counters, Func<bool> isOffline)
    {
        Gauge("calltracker_clickhouse_lag_seconds", () => LagSec(journals, counters), "Age of the oldest call unsent.");
        Gauge("calltracker_call_sequence_offline", () => isOffline() ? 1 : 0, "1 while counted without Redis.");
        Counter("calltracker_shipped_rows_total", () => counters.Rows, "Call records in ClickHouse.");
        Counter("calltracker_shipped_batches_total", () => counters.Batches, "Batches in ClickHouse.");
        Counter("calltracker_ship_retries_total", () => counters.Retries, "Tries that failed.");
        Counter("calltracker_ship_refusals_total", () => counters.Refusals, "Tries that no repetition mends.");
        Counter(
            "calltracker_shipped_present_total", () => counters.Present, "Rows found already stored.");
    }

    private void AddRoutes(RouteFeed routes, RedisConnection redis)
    {
        Gauge("calltracker_redis_connected", () => redis.IsConnected ? 1 : 0, "1 while Redis is connected.");
        Gauge("calltracker_routes_cached", () => routes.Cache.RouteCount, "Routes in the cache.");
        Gauge("calltracker_route_negatives_cached", () => routes.Cache.NegativeCount, "Numbers known not to exist.");
        Gauge("calltracker_route_asks", () => routes.AskCount, "Look-ups under way at Redis.");
        Gauge("calltracker_route_change_sequence", () => routes.Seen, "The last change applied.");
        Gauge("calltracker_route_change_lag", () => routes.Lag, "Changes made and not yet applied.");
        Gauge("calltracker_trunks", () => routes.Trunks.Count, "Trunks in force.");
        Counter("calltracker_route_hits_total", () => routes.Lookups.Hits, "Look-ups answered by the cache.");
        Counter("calltracker_route_misses_total", () => routes.Lookups.Misses, "Look-ups that had to ask.");
    }

    private static double LagSec(JournalSet journals, ShippingCounters counters)
    {
        var oldestMs = counters.OldestEndMs;
        return oldestMs == 0 ? 0 : Math.Max(0, journals.Clock.UnixMs - oldestMs) / 1000.0;
    }

    private void Gauge(string name, Func<double> read, string help) =>
        _meter.CreateObservableGauge(name, read, description: help);

    private void Counter(string name, Func<long> read, string help) =>
        _meter.CreateObservableCounter(name, read, description: help);
}
