using CallTracker.Backends;
using CallTracker.Backends.Metrics;
using CallTracker.Backends.Redis;
using CallTracker.Backends.Tracing;
using CallTracker.Calls.Tracing;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Core.Time;
using CallTracker.Node.Options;

namespace CallTracker.Node.Hosting;

/// <summary>The node's trace with its metrics; there is none when no messages are kept. Owned by the host.</summary>
internal sealed class NodeTrace : IAsyncDisposable
{
    // What cannot be shipped by then is lost: a trace is no record, and the node's end does not wait for it.
    private const int ShipMsMax = 2000;
    private readonly SipTrace _trace;
    private readonly TraceMetrics _metrics;

    private NodeTrace(SipTrace trace)
    {
        _trace = trace;
        _metrics = new TraceMetrics(trace);
    }

    public static NodeTrace? Start(
        NodeOptions options, string keyPath, IReadOnlyList<TraceRing> rings, ClickHouseClient clickHouse,
        RedisConnection redis, IClock clock, IBackendLog log)
    {
        if (rings.Count == 0) return null;
        var trace = new SipTrace(
            options.Trace.Settings, rings, clickHouse, redis, keyPath, clock, log);
        trace.Start();
        return new NodeTrace(trace);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _trace.StopAsync(ShipMsMax);
        _metrics.Dispose();
        await _trace.DisposeAsync();
    }
}
