using System.Diagnostics.Metrics;
using CallTracker.Contracts.ClickHouse;
using CallTracker.ControlPlane.Hosting;
using CallTracker.ControlPlane.Store;

namespace CallTracker.ControlPlane.Observability;

/// <summary>
/// Looks whether Redis and ClickHouse answer, at most once a second however often it is asked. Any thread; the last
/// finding is also a metric.
/// </summary>
internal sealed class ReadinessProbe : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(2);
    private readonly RedisStore _redis;
    private readonly ClickHouseClient _clickHouse;
    private readonly SchemaState _schema;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Meter _meter = new("CallTracker.ControlPlane.Backends");
    private volatile ReadinessReport _last = new(Ready: false, Redis: false, Clickhouse: false, Schema: false);
    private long _stamp;

    public ReadinessProbe(RedisStore redis, ClickHouseClient clickHouse, SchemaState schema, TimeProvider clock)
    {
        (_redis, _clickHouse, _schema, _clock) = (redis, clickHouse, schema, clock);
        _meter.CreateObservableGauge("calltracker_redis_up", () => _last.Redis ? 1 : 0, null,
            "1 when Redis answered last.");
        _meter.CreateObservableGauge("calltracker_clickhouse_up", () => _last.Clickhouse ? 1 : 0, null,
            "1 when ClickHouse answered last.");
    }

    public async Task<ReadinessReport> LookAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            if (_stamp != 0 && _clock.GetElapsedTime(_stamp) < Life) return _last;
            var redis = _redis.PingAsync();
            var clickHouse = AnswersAsync(ct);
            var isReady = await redis & await clickHouse & _schema.IsApplied;
            _last = new ReadinessReport(isReady, await redis, await clickHouse, _schema.IsApplied);
            _stamp = _clock.GetTimestamp();
            return _last;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _meter.Dispose();
        _gate.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await _clickHouse.ExecuteAsync("SELECT 1", ct: ct).WaitAsync(AnswerTimeMax, ct);
            return true;
        }
        catch (Exception e) when (e is ClickHouseException or TimeoutException)
        {
            return false;
        }
    }
}
