using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CallTracker.Backends.Metrics;
using CallTracker.Backends.Routes;
using CallTracker.Backends.Tests.Support;
using CallTracker.Calls.Model;
using CallTracker.Calls.Routing;
using CallTracker.Core.Time;
using Shouldly;
using Xunit;

namespace CallTracker.Backends.Tests.Shipping;

/// <summary>What a collector sees.</summary>
[Collection(ClickHouseFixture.Name)]
public sealed class BackendMetricsTests(ClickHouseFixture servers) : IRouteWaiter
{
    void IRouteWaiter.OnRouteSettled(int worker, PhoneNumber number)
    {
    }

    [Fact]
    public async Task Metrics_AfterShippedCalls_TellOfThem()
    {
        await using var bench = new ShippingBench(servers);
        await bench.StartAsync();
        await using var feed = new RouteFeed(bench.Redis, this, new SystemClock(), bench.Log);
        using var metrics = new BackendMetrics(bench.Journals, bench.Shipper, feed, bench.Redis);
        bench.WriteCalls(7);
        await Eventually.IsTrue(() => bench.Shipper.Counters.Rows == 7, "the rows are counted");
        var values = Collect();
        values["calltracker_shipped_rows_total"].ShouldBe(7);
        values["calltracker_journal_entries_total"].ShouldBe(21);
        values["calltracker_journal_backlog_bytes"].ShouldBe(0);
        values["calltracker_journal_writable"].ShouldBe(1);
        values["calltracker_redis_connected"].ShouldBe(1);
        values["calltracker_clickhouse_lag_seconds"].ShouldBe(0);
        values.Count.ShouldBe(27);
    }

    private static ConcurrentDictionary<string, double> Collect()
    {
        var values = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == BackendMetrics.MeterName) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => values[i.Name] = value);
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => values[i.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }
}
