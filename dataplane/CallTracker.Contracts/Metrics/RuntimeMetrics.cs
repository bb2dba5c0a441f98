using System.Diagnostics.Metrics;

namespace CallTracker.Contracts.Metrics;

/// <summary>
/// What both planes say about their process: garbage collection, memory, threads. Made once at start and kept for the
/// life of the process; read only when metrics are collected.
/// </summary>
public sealed class RuntimeMetrics : IDisposable
{
    private readonly Meter _meter = new("CallTracker.Runtime");

    /// <summary>Publishes the instruments.</summary>
    public RuntimeMetrics()
    {
        _meter.CreateObservableCounter("calltracker_gc_collections", Collections, "{collection}",
            "Garbage collections by generation.");
        _meter.CreateObservableCounter("calltracker_gc_pause", () => GC.GetTotalPauseDuration().TotalSeconds, "s",
            "Time all threads were paused by the garbage collector.");
        _meter.CreateObservableCounter("calltracker_gc_allocated", () => GC.GetTotalAllocatedBytes(), "By",
            "Managed memory allocated since start.");
        _meter.CreateObservableGauge("calltracker_gc_heap", () => GC.GetGCMemoryInfo().HeapSizeBytes, "By",
            "Managed heap after the last collection.");
        _meter.CreateObservableGauge("calltracker_process_resident_memory", () => Environment.WorkingSet, "By",
            "Resident memory of the process.");
        _meter.CreateObservableCounter("calltracker_process_cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds,
            "s",
            "Processor time of the process, user and system.");
        _meter.CreateObservableGauge("calltracker_process_threads", () => ThreadPool.ThreadCount, "{thread}",
            "Thread pool threads.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Collections()
    {
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            yield return new(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation",
                generation));
        }
    }
}
