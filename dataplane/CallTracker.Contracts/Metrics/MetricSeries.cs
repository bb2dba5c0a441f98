namespace CallTracker.Contracts.Metrics;

/// <summary>
/// The values of one label set of one instrument. Recorded to from any thread; read by the thread that writes the
/// exposition. Sums are exact for counts below 2^53.
/// </summary>
internal sealed class MetricSeries(LabelSet labels, int bucketCount)
{
    private readonly long[] _buckets = new long[bucketCount];
    private double _value;

    public LabelSet Labels { get; } = labels;

    /// <summary>The collection in which an observable instrument last reported this series.</summary>
    public long Generation { get; private set; }

    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var previous = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (BitConverter.DoubleToInt64Bits(previous) == BitConverter.DoubleToInt64Bits(seen)) return;
            seen = previous;
        }
    }

    /// <summary>
    /// Takes an observation; several with one label set in one collection (one per worker) are summed.
    /// </summary>
    public void Observe(double value, long generation)
    {
        Set(Generation == generation ? Value + value : value);
        Generation = generation;
    }

    public void Count(int bucket) => Interlocked.Increment(ref _buckets[bucket]);

    public long BucketCount(int bucket) => Interlocked.Read(ref _buckets[bucket]);
}
